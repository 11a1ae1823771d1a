package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real thing: {@code java -jar pipely.jar} as a process, and what it writes. */
final class LauncherProcess implements AutoCloseable {

  /** Of a machine that is busy with other things too; only a test that fails waits so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern LISTENING = Pattern.compile("listening at (http://[^\\s,]+)");

  private final Process process;
  private final Map<String, String> environment;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private LauncherProcess(Process process, Map<String, String> environment) {
    this.process = process;
    this.environment = environment;
    this.readers =
        List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
  }

  /** One with no settings but these, whatever is set for the test itself. */
  static LauncherProcess start(Map<String, String> environment, String... jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-jar", Objects.requireNonNull(System.getProperty("pipely.jar"))));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(LauncherProcess::isSetting);
    builder.environment().putAll(environment);
    return new LauncherProcess(builder.start(), environment);
  }

  /** One that listens at a free port of the loopback address. */
  static LauncherProcess startAnywhere() throws IOException {
    return start(Map.of("ADDRESS", "127.0.0.1:0"));
  }

  /**
   * Kills it, where it still runs, and starts another at the same address, with the same settings.
   */
  LauncherProcess restart() throws IOException {
    Map<String, String> again = new HashMap<>(environment);
    again.put("ADDRESS", uri().getAuthority());
    close();
    LauncherProcess another = start(again);
    another.uri();
    return another;
  }

  /** The JVM tells about options from its environment, in one more line. */
  private static boolean isSetting(String name) {
    return name.equals("ADDRESS")
        || name.equals("PORT")
        || name.startsWith("PIPELY_")
        || name.endsWith("JAVA_OPTIONS")
        || name.equals("JAVA_TOOL_OPTIONS");
  }

  /** Where it says that it listens, once it does. */
  URI uri() {
    await().atMost(PATIENCE).until(() -> listening().isPresent() || !process.isAlive());
    return listening().orElseThrow(() -> new AssertionError("it has ended: " + this));
  }

  private Optional<URI> listening() {
    return out.stream()
        .map(LISTENING::matcher)
        .filter(Matcher::find)
        .map(line -> URI.create(line.group(1)))
        .findFirst();
  }

  /** Asks it to end, by SIGTERM where there are signals. */
  void terminate() {
    process.destroy();
  }

  /** The exit code, once it has ended and everything that it wrote has been read. */
  int exitCode() throws InterruptedException {
    return exitCode(PATIENCE);
  }

  int exitCode(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("not ended within " + timeout + ": " + this);
    }
    for (Thread reader : readers) {
      reader.join(timeout.toMillis());
    }
    return process.exitValue();
  }

  List<String> out() {
    return out;
  }

  List<String> err() {
    return err;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static Thread collect(InputStream stream, List<String> lines) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
              } catch (IOException | UncheckedIOException e) {
                lines.add("cut off: " + e);
              }
            },
            "launcher-output");
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  @Override
  public String toString() {
    return "out " + out + ", err " + err;
  }
}
