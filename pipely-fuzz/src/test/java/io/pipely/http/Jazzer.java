package io.pipely.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A run of Jazzer, in a JVM of its own, whose classes it instruments. */
final class Jazzer {

  private static final String MAIN = "com.code_intelligence.jazzer.Jazzer";

  /** The code in which new paths are looked for. */
  private static final List<String> INSTRUMENTED =
      List.of("io.pipely.**", "com.fasterxml.jackson.core.**");

  /** What reads every byte again, to compare: it would be watched more than what is tested. */
  private static final List<String> INDEPENDENT =
      List.of(
          "io.pipely.http.SseReader",
          "io.pipely.http.StrictJson",
          "io.pipely.http.Tape",
          "io.pipely.http.Utf8");

  /** These look for regular expressions that clients could slow down, at the cost of most speed. */
  private static final List<String> LEFT_OUT =
      List.of(
          "com.code_intelligence.jazzer.sanitizers.RegexInjection",
          "com.code_intelligence.jazzer.sanitizers.RegexRoadblocks");

  /** Of the log: a stack trace, and where the input is. */
  private static final int LAST_LINES = 80;

  private final Path log;
  private final List<String> command = new ArrayList<>();

  /**
   * A run whose words go to a file.
   *
   * @param log its name, beside which the inputs are put that are findings
   */
  Jazzer(FuzzTarget target, String log) {
    this.log = target.output().resolve(log);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g", "-XX:+UseSerialGC", "-XX:+EnableDynamicAgentLoading", "-enableassertions"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    option("--target_class=" + target.className());
    option("--instrumentation_includes=", INSTRUMENTED);
    option("--instrumentation_excludes=", INDEPENDENT);
    option("--custom_hook_includes=", INSTRUMENTED); // Jackson's databind is large, and not asked.
    option("--disabled_hooks=", LEFT_OUT);
    option("--reproducer_path=" + target.output());
    option("-artifact_prefix=" + target.output() + File.separator);
    option("-rss_limit_mb=0"); // The heap has a limit.
  }

  /** One option, of Jazzer with two dashes or of libFuzzer with one. */
  Jazzer option(String option) {
    command.add(option);
    return this;
  }

  private void option(String name, List<String> values) {
    option(name + String.join(File.pathSeparator, values));
  }

  /**
   * Runs it on the inputs in some folders, to the first of which it adds; prints how fast it was.
   */
  void run(Path... folders) throws IOException, InterruptedException {
    Stream.of(folders).map(Path::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int status;
    try {
      status = process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(log, ISO_8859_1); // It prints inputs as they are.
    if (status != 0) {
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      throw new AssertionError(
          "ended with status " + status + ", see " + log + ":\n" + String.join("\n", last));
    }
    lines.stream()
        .filter(line -> line.contains("exec_per_sec") || line.startsWith("MERGE-OUTER: "))
        .forEach(line -> System.out.println(log + ": " + line));
  }
}
