package io.pipely;

import io.pipely.core.Hub;
import io.pipely.core.Options;
import io.pipely.spi.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a {@link Pipely}. Not for use by several threads. */
public final class PipelyBuilder {

  private final List<PipelyListener> listeners = new ArrayList<>();
  private Options options = Options.DEFAULTS;
  private @Nullable Duration stall;
  private @Nullable String serverKey;
  private @Nullable Authorizer authorizer;
  private @Nullable Ledger ledger;

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
   * 1 MiB and 60 s by default. The time must be no less than {@link #stall}, or a member could be
   * left behind that is not yet given up; the bytes must be at least four times what a request's
   * body may have, where there is HTTP in front.
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

  /**
   * How much memory the events of all channels together may take, beyond which each channel keeps
   * less than {@link #keep} says; a quarter of the heap by default.
   *
   * @param bytes counted as those of one channel are
   * @throws IllegalArgumentException below 1
   */
  public PipelyBuilder keepInAll(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1: " + bytes);
    }
    options = options.withKeepInAll(bytes);
    return this;
  }

  /**
   * How long a member with a token that has lost its connection stays a member, so that it can come
   * back unnoticed; 10 s by default, zero for not at all.
   *
   * @throws IllegalArgumentException where it is negative
   */
  public PipelyBuilder grace(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time must not be negative: " + time);
    }
    options = options.withGrace(time);
    return this;
  }

  /**
   * For how long a subscriber may keep a batch without a sign that it moves, before its connection
   * is closed. By default 20 s, or the time for which events are kept, where that is less.
   *
   * @throws IllegalArgumentException where it is not positive
   */
  public PipelyBuilder stall(Duration time) {
    stall = positive(time);
    return this;
  }

  /**
   * Whether only members, and {@code server}, may be the origin of an event; false by default: an
   * event may then come from anybody who knows the channel.
   */
  public PipelyBuilder strictOrigins(boolean isStrict) {
    options = options.withStrictOrigins(isStrict);
    return this;
  }

  /**
   * The secret by which somebody outside of this application may publish as {@code server}, and
   * look at every channel. Where there is none, which is the default, anybody may publish as {@code
   * server}, and nobody may look at all channels.
   *
   * @param key at least one character, none of them a control character or a space
   * @throws IllegalArgumentException for any other
   */
  public PipelyBuilder serverKey(String key) {
    if (!key.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException("a key must be of visible ASCII characters");
    }
    serverKey = key;
    return this;
  }

  /** Who is asked whether a client may create, join or publish; nobody by default. */
  public PipelyBuilder authorizer(Authorizer authorizer) {
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    return this;
  }

  /**
   * Shares the channels with other nodes, by a store that they all use; by default this is the only
   * node. Limits are those of this node. What is built closes the ledger when it is closed.
   */
  public PipelyBuilder ledger(Ledger ledger) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    return this;
  }

  /** Adds one that is told what happens. */
  public PipelyBuilder listener(PipelyListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Starts it.
   *
   * @throws IllegalArgumentException where events are kept for less than {@link #stall}
   */
  public Pipely build() {
    return Hub.start(options(), serverKey, authorizer, listeners, ledger);
  }

  /** What was set, the bounds that go together checked. */
  Options options() {
    return options.withStall(checkedStall());
  }

  private Duration checkedStall() {
    Duration kept = options.keepTime();
    if (stall == null) {
      return kept.compareTo(options.stall()) < 0 ? kept : options.stall();
    }
    if (kept.compareTo(stall) < 0) {
      throw new IllegalArgumentException(
          "events must be kept for at least the time of a stall, " + stall + ": " + kept);
    }
    return stall;
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
