package io.pipely.core;

import java.util.concurrent.atomic.AtomicLong;

/** How much the logs of all channels may keep together. Safe for use by several threads. */
final class Budget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /** A budget of so many bytes. */
  Budget(long limit) {
    this.limit = limit;
  }

  /** True where more is used than may be. */
  boolean add(long bytes) {
    return used.addAndGet(bytes) > limit;
  }

  long used() {
    return used.get();
  }
}
