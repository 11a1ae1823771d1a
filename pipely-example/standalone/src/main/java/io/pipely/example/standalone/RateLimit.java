package io.pipely.example.standalone;

import com.github.benmanes.caffeine.cache.Ticker;
import io.pipely.http.Limiter;

/**
 * How many requests a second one address may make.
 *
 * @param subscribes for a stream
 * @param publishes of all other kinds together
 */
record RateLimit(int subscribes, int publishes) {

  /** As many as it likes. */
  static final RateLimit OFF = new RateLimit(0, 0);

  /** As the setting has it. */
  String text() {
    return equals(OFF) ? "off" : subscribes + "/" + publishes;
  }

  /** A new one that knows nobody yet. */
  Limiter limiter() {
    return equals(OFF) ? Limiter.NONE : new AddressLimiter(this, Ticker.systemTicker());
  }
}
