package io.pipely.bench;

import java.time.Duration;

/** Publishes at a pace. */
interface Pacer {

  /** Publishes for so long, and returns when nothing more will be begun but by deliveries. */
  void run(Duration time) throws InterruptedException;

  /** An event has reached one member. Does not block. */
  void delivered(int slot);

  static Pacer of(Pace pace, Publisher publisher, Channels channels) {
    if (pace instanceof Pace.Rate rate) {
      return new RatePacer(rate.events(), publisher, channels);
    }
    return new WindowPacer(((Pace.Window) pace).events(), publisher, channels);
  }
}
