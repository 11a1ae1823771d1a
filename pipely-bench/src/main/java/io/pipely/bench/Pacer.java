package io.pipely.bench;

import java.time.Duration;

/** Publishes at a pace. */
interface Pacer {

  /** Where the events go; does not block. */
  @FunctionalInterface
  interface Outlet {

    /**
     * Publishes one event.
     *
     * @param channel its index
     * @param time from when the latency counts, of {@link System#nanoTime}
     * @param slot to be given back to {@link Pacer#delivered}
     */
    void publish(int channel, long time, int slot);
  }

  /** Publishes for so long, and returns when nothing more will be begun but by deliveries. */
  void run(Duration time) throws InterruptedException;

  /** An event has reached one member. Does not block. */
  void delivered(int slot);

  static Pacer of(Pace pace, Outlet outlet, Channels channels) {
    if (pace instanceof Pace.Rate rate) {
      return new RatePacer(rate.events(), outlet, channels);
    }
    return new WindowPacer(((Pace.Window) pace).events(), outlet, channels);
  }
}
