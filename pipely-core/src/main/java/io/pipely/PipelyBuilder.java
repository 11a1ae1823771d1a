package io.pipely;

import io.pipely.core.Hub;
import io.pipely.core.Options;
import java.time.Duration;

/** The options of a {@link Pipely}. Not for use by several threads. */
public final class PipelyBuilder {

  private Options options = Options.DEFAULTS;

  PipelyBuilder() {}

  /**
   * How many members a channel may have; 10,000 by default.
   *
   * @throws IllegalArgumentException below 1
   */
  public PipelyBuilder maxMembers(int members) {
    options = options.withMaxMembers(atLeastOne(members, "members"));
    return this;
  }

  /**
   * How many channels there may be; 100,000 by default.
   *
   * @throws IllegalArgumentException below 1
   */
  public PipelyBuilder maxChannels(int channels) {
    options = options.withMaxChannels(atLeastOne(channels, "channels"));
    return this;
  }

  /**
   * How much of a channel's newest events is kept, for members that are slower than its publishers:
   * 1 MiB and 60 s by default.
   *
   * @param bytes of payloads and names, with 128 bytes added for each event
   * @throws IllegalArgumentException where one is not positive
   */
  public PipelyBuilder keep(int bytes, Duration time) {
    options = options.withKeep(atLeastOne(bytes, "bytes"), positive(time));
    return this;
  }

  /**
   * After how long a time without events a member is sent a sign of life, by which a connection
   * that is gone is noticed; 45 s by default.
   *
   * @throws IllegalArgumentException where it is not positive
   */
  public PipelyBuilder heartbeat(Duration time) {
    options = options.withHeartbeat(positive(time));
    return this;
  }

  public Pipely build() {
    return Hub.start(options);
  }

  private static int atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
    return value;
  }

  private static Duration positive(Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("time must be positive: " + time);
    }
    return time;
  }
}
