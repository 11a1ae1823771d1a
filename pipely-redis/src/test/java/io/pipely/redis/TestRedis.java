package io.pipely.redis;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis that keeps nothing on the disc: the one at {@code PIPELY_TEST_REDIS_URL} where a test
 * does no harm to it; otherwise a process of its own on a free port of the loopback address, from a
 * {@code redis-server} on the {@code PATH}, or else from the one that the library embedded-redis
 * brings along.
 */
public final class TestRedis implements TestStore {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String uri;
  private final Path executable;
  private final int port;
  private final List<String> options;
  private Process process;

  private TestRedis(String uri, Path executable, int port, List<String> options) {
    this.uri = uri;
    this.executable = executable;
    this.port = port;
    this.options = options;
  }

  /** Any Redis, of which no more is wanted than that it works. */
  public static TestRedis any() throws IOException {
    String given = System.getenv("PIPELY_TEST_REDIS_URL");
    return given == null || given.isEmpty() ? start() : new TestRedis(given, null, 0, List.of());
  }

  /** A Redis of one's own, which may be stopped and killed; empty. */
  public static TestRedis start() throws IOException {
    return start(freePort());
  }

  /** Such a Redis, with options as on its command line. */
  static TestRedis start(int port, String... options) throws IOException {
    TestRedis redis =
        new TestRedis("redis://127.0.0.1:" + port, executable(), port, List.of(options));
    redis.startAgain();
    return redis;
  }

  @Override
  public String uri() {
    return uri;
  }

  /** Where it was started with a {@code --tls-port}. */
  String tlsUri() {
    return "rediss://127.0.0.1:" + options.get(options.indexOf("--tls-port") + 1);
  }

  public int port() {
    return port;
  }

  /** Starts it on the same port, empty. */
  public void startAgain() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                executable.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                System.getProperty("java.io.tmpdir")));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Not left over where the tests themselves are killed.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    await().atMost(PATIENCE).until(() -> answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("it does not run: " + executable);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it, and with it all that it has. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Has it stand still, with its connections open. */
  public void stall() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it go on after {@link #stall}. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new IOException("could not send the signal " + name);
    }
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What Redis' INFO says of something, if it says anything. */
  static Optional<String> said(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ':'))
        .map(line -> line.substring(name.length() + 1).trim())
        .findAny();
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static Path executable() throws IOException {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : List.of(path.split(File.pathSeparator))) {
      Path candidate = Path.of(folder, "redis-server");
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return Embedded.EXECUTABLE;
  }

  /** Unpacked once, when it is first needed. */
  private static final class Embedded {
    static final Path EXECUTABLE = unpack();

    private static Path unpack() {
      String name = "/redis-server-7.0.15-" + system() + '-' + processor();
      URL url = TestRedis.class.getResource(name);
      if (url == null) {
        throw new AssertionError("there is no Redis for this machine on the class path: " + name);
      }
      try (InputStream from = url.openStream()) {
        Path folder = Files.createTempDirectory("pipely-redis");
        Path executable = folder.resolve("redis-server");
        Files.copy(from, executable);
        if (!executable.toFile().setExecutable(true)) {
          throw new AssertionError("cannot be made executable: " + executable);
        }
        Stream.of(folder, executable).forEach(file -> file.toFile().deleteOnExit());
        return executable;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static String system() {
      String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
      return name.contains("mac") ? "darwin" : "linux";
    }

    private static String processor() {
      String name = System.getProperty("os.arch");
      return name.equals("aarch64") ? "arm64" : "amd64";
    }
  }
}
