package io.pipely.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for as long as something moves, however slowly: a slow server is not a broken one. */
final class Progress {

  /** How long nothing may move. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Progress() {}

  /**
   * Waits until a condition holds.
   *
   * @param count what changes where something moves
   * @return false where nothing has moved for ten seconds
   */
  static boolean await(BooleanSupplier condition, LongSupplier count) throws InterruptedException {
    long before = count.getAsLong();
    long since = System.nanoTime();
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
      long now = System.nanoTime();
      long after = count.getAsLong();
      if (after != before) {
        before = after;
        since = now;
      } else if (now - since > PATIENCE.toNanos()) {
        return false;
      }
    }
    return true;
  }
}
