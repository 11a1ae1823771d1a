package io.pipely.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;

/** The bounds of a {@link RedisLedger}. Not for use by several threads. */
public final class RedisLedgerBuilder {

  private static final String NO_URI = "not the URI of a Redis, such as redis://localhost:6379";

  private final RedisURI uri;
  private int keepBytes = 1 << 20;
  private Duration keepTime = Duration.ofSeconds(60);

  RedisLedgerBuilder(String uri) {
    if (!uri.startsWith("redis://") && !uri.startsWith("rediss://")) {
      throw new IllegalArgumentException(NO_URI);
    }
    try {
      this.uri = RedisURI.create(uri);
    } catch (IllegalArgumentException e) {
      // What it says may hold the password.
      throw new IllegalArgumentException(NO_URI);
    }
  }

  /**
   * How much of a channel's newest events Redis keeps, for nodes and members that have missed some:
   * 1 MiB and 60 s by default. All nodes should have the same, and no less than {@code
   * PipelyBuilder.keep}.
   *
   * @param bytes of payloads and names, with 128 bytes added for each event
   * @throws IllegalArgumentException where one is not positive
   */
  public RedisLedgerBuilder keep(int bytes, Duration time) {
    if (bytes < 1 || time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("must be positive: " + bytes + ", " + time);
    }
    keepBytes = bytes;
    keepTime = time;
    return this;
  }

  /**
   * Connects.
   *
   * @throws IllegalStateException where Redis cannot be reached within 10 s
   */
  public RedisLedger connect() {
    return connect(RedisLedger.PATIENCE);
  }

  /** The address, without the password. */
  @Override
  public String toString() {
    return Connection.shown(uri);
  }

  RedisLedger connect(Duration patience) {
    return new RedisLedger(uri, keepBytes, keepTime).begin(patience);
  }
}
