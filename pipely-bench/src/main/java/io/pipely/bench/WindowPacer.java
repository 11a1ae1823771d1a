package io.pipely.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a number of events outstanding: when the last member has been reached by one, the next is
 * published in its slot. An event that is lost leaves its slot unused, so that a server that loses
 * all brings the run to an end instead of being asked again and again.
 */
final class WindowPacer implements Pacer {

  private final Outlet outlet;
  private final Channels channels;

  /** For each slot, how many members its event has yet to reach. */
  private final AtomicIntegerArray missing;

  private final AtomicLong events = new AtomicLong();
  private volatile boolean isOver;

  WindowPacer(int window, Outlet outlet, Channels channels) {
    this.outlet = outlet;
    this.channels = channels;
    this.missing = new AtomicIntegerArray(window);
  }

  @Override
  public void run(Duration time) throws InterruptedException {
    for (int slot = 0; slot < missing.length(); slot++) {
      publish(slot);
    }
    Thread.sleep(time.toMillis());
    isOver = true;
  }

  @Override
  public void delivered(int slot) {
    if (missing.decrementAndGet(slot) == 0 && !isOver) {
      publish(slot);
    }
  }

  private void publish(int slot) {
    int channel = (int) (events.getAndIncrement() % channels.count());
    missing.set(slot, channels.members(channel));
    outlet.publish(channel, System.nanoTime(), slot);
  }
}
