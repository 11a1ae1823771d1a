package io.pipely.http;

import java.nio.file.Path;
import java.util.Locale;

/** What is fuzzed. */
enum FuzzTarget {
  PUBLISH(PublishFuzz.class),
  QUERY(QueryFuzz.class),
  SSE(SseFuzz.class);

  private final Class<?> type;

  FuzzTarget(Class<?> type) {
    this.type = type;
  }

  /** The class that Jazzer is told of. */
  String className() {
    return type.getName();
  }

  /**
   * The inputs that are kept, a file each: those that are worth starting from, and old findings.
   */
  Path corpus() {
    return Path.of("src", "test", "corpus", word());
  }

  /** Where a run leaves what it finds. */
  Path output() {
    return Path.of("target", "fuzz", word());
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Runs one input. */
  void run(byte[] input) {
    switch (this) {
      case PUBLISH -> PublishFuzz.fuzzerTestOneInput(input);
      case QUERY -> QueryFuzz.fuzzerTestOneInput(input);
      case SSE -> SseFuzz.fuzzerTestOneInput(input);
    }
  }
}
