package io.pipely.testing;

import java.util.Random;

/**
 * Runs randomised tests. Every failure names the seed it came from; {@code -Dpipely.test.seed=N}
 * runs that one alone.
 */
public final class Seeds {

  private static final String PROPERTY = "pipely.test.seed";

  private Seeds() {}

  /** One run of a randomised test. */
  @FunctionalInterface
  public interface Run {
    void with(Random random) throws Exception;
  }

  /** Runs a test with the seeds 1 to count, or with the one that is asked for. */
  public static void each(int count, Run run) {
    Long only = Long.getLong(PROPERTY);
    if (only != null) {
      once(only, run);
      return;
    }
    for (long seed = 1; seed <= count; seed++) {
      once(seed, run);
    }
  }

  /**
   * Runs a test with a new seed at every call, or with the one that is asked for: for tests with
   * threads, which a seed does not repeat exactly.
   */
  public static void fresh(Run run) {
    once(Long.getLong(PROPERTY, System.nanoTime()), run);
  }

  private static void once(long seed, Run run) {
    try {
      run.with(new Random(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("failed with -D" + PROPERTY + "=" + seed + ": " + e, e);
    }
  }
}
