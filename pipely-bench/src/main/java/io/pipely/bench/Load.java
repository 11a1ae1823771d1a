package io.pipely.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command that puts load on a server. */
final class Load {

  private static final int COMPLETE = 0;
  private static final int INCOMPLETE = 1;
  private static final int INVALID_OPTION = 2;

  /** Lines of the percentile file for each halving of what is left. */
  private static final int LINES_PER_HALF = 5;

  private static final double NANOS_PER_MILLI = 1e6;

  private Load() {}

  /**
   * Runs it.
   *
   * @return the exit code
   */
  static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    if (arguments.contains("--help")) {
      out.println(LoadOptions.USAGE);
      return COMPLETE;
    }
    LoadOptions options;
    try {
      options = LoadOptions.of(arguments);
    } catch (InvalidOptionException e) {
      err.println(e.getMessage());
      return INVALID_OPTION;
    }
    Report report = LoadRun.run(options);
    out.print(report.text());
    boolean isWritten = write(report, err);
    return report.isComplete() && isWritten ? COMPLETE : INCOMPLETE;
  }

  private static boolean write(Report report, PrintStream err) {
    try {
      if (report.options().svg().isPresent()) {
        String svg = PercentileChart.svg("Pipely: " + report.options().title(), report.latencies());
        Files.writeString(report.options().svg().get(), svg);
      }
      if (report.options().hgrm().isPresent()) {
        writePercentiles(report.options().hgrm().get(), report);
      }
      return true;
    } catch (IOException e) {
      err.println("cannot write: " + e);
      return false;
    }
  }

  private static void writePercentiles(Path file, Report report) throws IOException {
    try (PrintStream target = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
      report.latencies().outputPercentileDistribution(target, LINES_PER_HALF, NANOS_PER_MILLI);
    }
  }
}
