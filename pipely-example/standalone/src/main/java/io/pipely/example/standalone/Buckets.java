package io.pipely.example.standalone;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * A bucket of tokens for each key, filled again little by little. A bucket that has been left alone
 * for as long as it takes to be full again is like a new one, and is forgotten. Beyond a bound
 * buckets that are seldom used are forgotten earlier: then a limit is kept less well, but memory is
 * not given away. Safe for use by several threads.
 */
final class Buckets<K> {

  /** At some 450 bytes each, key and all. */
  static final int MAX_KEYS = 20_000;

  private final int tokens;
  private final Duration period;
  private final TimeMeter clock;
  private final Cache<K, Bucket> buckets;

  /**
   * Buckets that are full at first.
   *
   * @param tokens how many a full one has
   * @param period after how long an empty one is full again
   */
  Buckets(int tokens, Duration period, Ticker ticker) {
    this.tokens = tokens;
    this.period = period;
    this.clock = new Clock(ticker);
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .expireAfterAccess(period)
            .ticker(ticker)
            .executor(Runnable::run) // At once, so that the bound holds, whatever other threads do.
            .build();
  }

  /** Takes a token: zero where there was one, otherwise after how long there will be one. */
  Duration take(K key) {
    ConsumptionProbe probe = buckets.get(key, k -> full()).tryConsumeAndReturnRemaining(1);
    return Duration.ofNanos(probe.getNanosToWaitForRefill());
  }

  /** The same without taking it, and without a trace. */
  Duration look(K key) {
    Bucket bucket = buckets.getIfPresent(key);
    return bucket == null
        ? Duration.ZERO
        : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  /** How many keys there is a bucket for. */
  long size() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, period))
        .withCustomTimePrecision(clock)
        .build();
  }

  /** Not the time of day, as it would be by default, which can be set. */
  private record Clock(Ticker ticker) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return ticker.read();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
