package io.pipely.core;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that a test turns by hand. */
final class ManualTicker implements LongSupplier {

  /** Near the overflow, as {@link System#nanoTime} may be. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

  @Override
  public long getAsLong() {
    return now.get();
  }

  void advance(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
