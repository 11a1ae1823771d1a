package io.pipely.testing;

import static org.awaitility.Awaitility.await;

import io.pipely.contract.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real proxy as a process, on a free port of the loopback address. */
public final class ProxyProcess implements AutoCloseable {

  private final ProxyKind kind;
  private final Path executable;
  private final Path home;
  private final int port;
  private Process process;

  private ProxyProcess(ProxyKind kind, Path executable, Path home, int port) {
    this.kind = kind;
    this.executable = executable;
    this.home = home;
    this.port = port;
  }

  /**
   * Starts one, and waits until it listens.
   *
   * @param snippet what the documents say that it needs
   */
  public static ProxyProcess start(ProxyKind kind, String snippet, URI server) throws IOException {
    Path executable = kind.require();
    Path home = Files.createTempDirectory("pipely-proxy");
    // Those who serve are not those who were started, where that was root.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProxyProcess proxy = new ProxyProcess(kind, executable, home, freePort());
    try {
      String here = snippet.replace(ProxyKind.SERVER, "127.0.0.1:" + server.getPort());
      Files.writeString(proxy.configuration(), kind.configuration(home, proxy.port, here));
      proxy.start();
      return proxy;
    } catch (Throwable e) {
      proxy.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Where the server is to be found, by way of this proxy. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Starts it, again where it was stopped. */
  public void start() throws IOException {
    process =
        new ProcessBuilder(kind.command(executable, configuration()))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output.log").toFile())
            .start();
    await().atMost(Patience.MANY).until(() -> listens() || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("it does not run: " + this);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Has it read its configuration again, and waits until other processes than before serve. */
  public void reload() throws IOException, InterruptedException {
    Set<Long> before = workers();
    new ProcessBuilder("kill", "-" + kind.reload(), Long.toString(process.pid())).start().waitFor();
    await().atMost(Patience.MANY).until(() -> !before.containsAll(workers()));
  }

  private Set<Long> workers() {
    return process.children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  /** Stops it, which cuts all connections. */
  public void stop() {
    if (process == null) {
      return;
    }
    ProcessHandle[] all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
            .toArray(ProcessHandle[]::new);
    process.destroy();
    try {
      process.waitFor(Patience.ONE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ProcessHandle left : all) {
      left.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Path configuration() {
    return home.resolve("proxy.conf");
  }

  /** What it has to say for itself. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.toString());
    for (String log : new String[] {"output.log", "error.log"}) {
      try {
        text.append('\n').append(Files.readString(home.resolve(log)));
      } catch (IOException e) {
        text.append("\nno ").append(log);
      }
    }
    return text.toString();
  }
}
