package io.pipely.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Hands over to JMH, which exits by itself where something is wrong. */
final class Jmh {

  private static final String PROFILER = "-prof";

  private Jmh() {}

  static void run(List<String> arguments) throws IOException {
    org.openjdk.jmh.Main.main(withProfiler(arguments).toArray(String[]::new));
  }

  /** Allocation is half of what the benchmarks are for, so it is measured unless told otherwise. */
  static List<String> withProfiler(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    if (!all.contains(PROFILER)) {
      all.addAll(List.of(PROFILER, "gc"));
    }
    return List.copyOf(all);
  }
}
