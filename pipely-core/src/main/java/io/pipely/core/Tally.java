package io.pipely.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts what is open, and lets one thread wait until nothing is. For use by several threads. */
final class Tally {

  private final AtomicInteger count = new AtomicInteger();
  private volatile @Nullable Thread waiting;

  void add() {
    count.incrementAndGet();
  }

  void remove() {
    if (count.decrementAndGet() == 0) {
      LockSupport.unpark(waiting);
    }
  }

  /** Waits until nothing is open, or a time has passed, or the thread is interrupted. */
  void awaitNone(long nanos) {
    long start = System.nanoTime(); // Not by the hub's ticker: a thread waits in real time.
    waiting = Thread.currentThread();
    long left = nanos;
    while (count.get() > 0 && left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = nanos - (System.nanoTime() - start);
    }
    waiting = null;
  }
}
