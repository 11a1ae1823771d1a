package io.pipely.bench;

import java.util.Arrays;
import java.util.List;

/** Runs one of the two commands; exit code 2 where it is told neither. */
public final class Main {

  private static final String USAGE =
      """
      java -jar pipely-bench.jar jmh [JMH arguments]  runs the benchmarks; -h lists the arguments
      java -jar pipely-bench.jar load [options]       puts load on a server; --help lists the options\
      """;

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> all = Arrays.asList(args);
    String command = all.isEmpty() ? "" : all.get(0);
    switch (command) {
      case "jmh" -> Jmh.run(all.subList(1, all.size()));
      case "load" -> System.exit(Load.run(all.subList(1, all.size()), System.out, System.err));
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }
}
