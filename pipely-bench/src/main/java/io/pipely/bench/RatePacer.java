package io.pipely.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes at fixed times.
 *
 * <p>An event bears the time at which it was due, not the one at which it was sent. Where the
 * server, or this bench, falls behind, events wait for each other, and a user of the server would
 * have waited too; a latency from the time of sending would leave that out, and tell of a server
 * that stops for a second that a single event was slow (coordinated omission).
 */
final class RatePacer implements Pacer {

  /** In ns. */
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final int NO_SLOT = 0;

  private final int rate;
  private final Outlet outlet;
  private final Channels channels;

  /**
   * A pacer.
   *
   * @param rate events a second
   */
  RatePacer(int rate, Outlet outlet, Channels channels) {
    this.rate = rate;
    this.outlet = outlet;
    this.channels = channels;
  }

  @Override
  public void run(Duration time) throws InterruptedException {
    long start = System.nanoTime();
    long events = time.toSeconds() * rate;
    for (long i = 0; i < events; i++) {
      long due = start + i / rate * SECOND + i % rate * SECOND / rate;
      sleepUntil(due);
      outlet.publish((int) (i % channels.count()), due, NO_SLOT);
    }
  }

  private static void sleepUntil(long due) throws InterruptedException {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @Override
  public void delivered(int slot) {}
}
