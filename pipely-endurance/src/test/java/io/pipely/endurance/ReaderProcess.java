package io.pipely.endurance;

import static org.awaitility.Awaitility.await;

import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A client of an event stream that is a process of its own, so that the system itself can stop it.
 * Needs Linux and bash.
 */
final class ReaderProcess implements AutoCloseable {

  private static final String SCRIPT =
      "exec 3<>\"/dev/tcp/$0/$1\"; printf %s \"$2\" >&3; exec cat <&3";

  private final Process process;
  private final Path received;

  private ReaderProcess(Process process, Path received) {
    this.process = process;
    this.received = received;
  }

  static ReaderProcess open(URI server, RawRequest request) throws IOException {
    Path received = Files.createTempFile("pipely-endurance", ".stream");
    String port = Integer.toString(server.getPort());
    String text = new String(request.bytes(server), StandardCharsets.ISO_8859_1);
    Process process =
        new ProcessBuilder("bash", "-c", SCRIPT, server.getHost(), port, text)
            .redirectErrorStream(true)
            .redirectOutput(received.toFile())
            .start();
    return new ReaderProcess(process, received);
  }

  /** Stops it as a whole, wherever it is: SIGSTOP. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    await()
        .atMost(Patience.ONE)
        .until(() -> Files.readAllLines(status).stream().anyMatch(ReaderProcess::isStopped));
  }

  private static boolean isStopped(String line) {
    return line.startsWith("State:") && line.contains("T (stopped)");
  }

  /** Lets it go on: SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int status =
        new ProcessBuilder("bash", "-c", "kill -\"$0\" \"$1\"", name, pid)
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError("kill -" + name + ": " + status);
    }
  }

  /** Waits until it has received a text. */
  void awaitText(String text) {
    await()
        .atMost(Patience.MANY)
        .until(() -> Files.readString(received, StandardCharsets.ISO_8859_1).contains(text));
  }

  /** Waits until its stream has ended, in whatever way. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(Patience.MANY.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no end of the stream");
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    Files.delete(received);
  }
}
