package io.pipely.endurance;

import static org.awaitility.Awaitility.await;

import io.pipely.contract.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link ServerMain} that runs, and what can be seen of it from outside. Needs Linux. */
final class ServerProcess implements AutoCloseable {

  static final String LISTENING = "listening at ";

  private final Path home;
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private ServerProcess(Path home, Process process) {
    this.home = home;
    this.process = process;
    this.reader = new Thread(this::read, "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param options those of {@link io.pipely.config.TextOptions}
   */
  static ServerProcess start(ServerKind kind, Map<String, String> options, String... jvmOptions)
      throws IOException {
    Path home = Files.createTempDirectory("pipely-endurance");
    List<String> command = new ArrayList<>();
    command.add(jdk("java"));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServerMain.class.getName(), kind.name(), home.toString()));
    options.forEach((name, text) -> command.add(name + "=" + text));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ServerProcess server = new ServerProcess(home, process);
    try {
      await().atMost(Patience.MANY).until(() -> server.hasStarted() || !server.reader.isAlive());
      server.uri();
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static String jdk(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private boolean hasStarted() {
    return lines.stream().anyMatch(line -> line.startsWith(LISTENING));
  }

  URI uri() {
    return lines.stream()
        .filter(line -> line.startsWith(LISTENING))
        .map(line -> URI.create(line.substring(LISTENING.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it does not listen: " + lines));
  }

  /** What it has written, its log included. */
  List<String> lines() {
    return lines;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end in good order, and does not wait for it. */
  void end() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Has it end in no order at all. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int openDescriptors() throws IOException {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return (int) open.count();
    }
  }

  int threads() throws IOException {
    try (Stream<Path> tasks = Files.list(proc("task"))) {
      return (int) tasks.count();
    }
  }

  /** How much of its memory is in use by the system's count, in bytes. */
  long residentBytes() throws IOException {
    return memory("VmRSS:");
  }

  /** How much of its memory has been in use at most. */
  long mostResidentBytes() throws IOException {
    return memory("VmHWM:");
  }

  private long memory(String name) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError("no " + name);
  }

  /** How many reachable instances it has of each class, after a full collection. */
  Map<String, Integer> instances() throws IOException, InterruptedException {
    Map<String, Integer> instances = new TreeMap<>();
    for (String line : jcmd("GC.class_histogram")) {
      // "   1:     4711      123456  io.pipely.core.Member (module)"
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length >= 4 && columns[0].endsWith(":")) {
        instances.put(columns[3], Integer.parseInt(columns[1]));
      }
    }
    return instances;
  }

  /** What {@code jcmd} answers to a command for it. */
  List<String> jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(jdk("jcmd"), Long.toString(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader in = jcmd.inputReader()) {
      List<String> answer = in.lines().toList();
      if (jcmd.waitFor() != 0) {
        throw new AssertionError("jcmd " + command + ": " + answer);
      }
      return answer;
    }
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("cut off: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close(); // Which asks it to end.
    try {
      if (!process.waitFor(Patience.ONE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
