package io.pipely.core;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Pipely;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All channels by id: finds or makes the one that an operation is about, and hands it on. */
public final class Hub implements Pipely {

  /** However short the times are, the sweep is not to keep a core busy. */
  private static final long MIN_SWEEP_NANOS = 10_000_000;

  private final Options options;
  private final LongSupplier ticker;
  private final Executor executor;
  private final Runnable stopThreads;
  private final Secrets secrets = new Secrets();
  private final ConcurrentMap<String, Channel> channels = new ConcurrentHashMap<>();

  /** Channels, and those about to be made: so that no more are made than there may be. */
  private final AtomicInteger channelCount = new AtomicInteger();

  private final AtomicInteger memberCount = new AtomicInteger();
  private volatile boolean isClosed;

  /**
   * A hub without threads of its own, for tests.
   *
   * @param ticker nanoseconds that only grow
   * @param executor runs long passes
   */
  Hub(Options options, LongSupplier ticker, Executor executor, Runnable stopThreads) {
    this.options = options;
    this.ticker = ticker;
    this.executor = executor;
    this.stopThreads = stopThreads;
  }

  /** A hub with its threads started. */
  public static Hub start(Options options) {
    Threads threads = new Threads();
    Hub hub = new Hub(options, System::nanoTime, threads.workers(), threads::stop);
    threads.sweepEvery(sweepPeriod(options), hub::sweep);
    return hub;
  }

  /** Often enough that nothing is late by more than an eighth of the time after which it is due. */
  private static long sweepPeriod(Options options) {
    long due = Math.min(options.heartbeat().toNanos(), options.keepTime().toNanos());
    return Math.max(due / 8, MIN_SWEEP_NANOS);
  }

  @Override
  public void join(Join join, Subscriber subscriber, Answer<? super Membership> answer) {
    Objects.requireNonNull(subscriber, "subscriber");
    Refusal refusal = check(join);
    if (refusal != null) {
      answer.refused(refusal);
      return;
    }
    Join normalised = "".equals(join.password()) ? join.password(null) : join;
    Channel channel;
    do {
      channel = channels.get(join.channelId());
      if (channel == null) {
        refusal = create(normalised);
        if (refusal != null) {
          answer.refused(refusal);
          return;
        }
        channel = channels.get(join.channelId());
      }
    } while (channel == null || !channel.join(normalised, subscriber, answer));
    if (isClosed) {
      channel.close();
    }
  }

  private @Nullable Refusal check(Join join) {
    Refusal refusal = Names.checkChannelId(join.channelId());
    if (refusal == null) {
      refusal = Names.checkClientId(join.clientId());
    }
    return refusal == null && isClosed ? Refusal.SHUTTING_DOWN : refusal;
  }

  /** Puts a channel without members into the map, unless somebody else just did. */
  private @Nullable Refusal create(Join join) {
    String password = join.password();
    Refusal refusal = password == null ? null : Names.checkNewPassword(password);
    if (refusal != null) {
      return refusal;
    }
    byte[] hash = password == null ? null : secrets.hash(password);
    // Within the map, so that who comes second waits, and finds the channel there.
    Channel made =
        channels.computeIfAbsent(
            join.channelId(), id -> mayAddChannel() ? new Channel(this, id, hash) : null);
    return made == null ? Refusal.TOO_MANY_CHANNELS : null;
  }

  private boolean mayAddChannel() {
    if (channelCount.incrementAndGet() <= options.maxChannels()) {
      return true;
    }
    channelCount.decrementAndGet();
    return false;
  }

  @Override
  public void publish(Publication publication, Answer<? super Receipt> answer) {
    publish(publication, false, answer);
  }

  @Override
  public void publish(
      String channelId, String type, @Nullable Object payload, Answer<? super Receipt> answer) {
    publish(Publication.of(channelId, type, Names.SERVER, Payload.of(payload)), true, answer);
  }

  private void publish(Publication publication, boolean isTrusted, Answer<? super Receipt> answer) {
    Refusal refusal = check(publication);
    Channel channel = refusal == null ? channels.get(publication.channelId()) : null;
    if (channel == null) {
      answer.refused(refusal == null ? Refusal.NO_SUCH_CHANNEL : refusal);
      return;
    }
    Event event =
        Event.of(channel.id(), publication.type(), publication.originId(), publication.payload());
    if (isTrusted) {
      channel.publish(event, answer);
    } else {
      channel.publish(event, publication.password(), answer);
    }
  }

  private @Nullable Refusal check(Publication publication) {
    Refusal refusal = Names.checkChannelId(publication.channelId());
    if (refusal == null) {
      refusal = Names.checkType(publication.type());
    }
    if (refusal == null) {
      refusal = Names.checkOriginId(publication.originId());
    }
    return refusal == null && isClosed ? Refusal.SHUTTING_DOWN : refusal;
  }

  @Override
  public void look(String channelId, Answer<? super ChannelInfo> answer) {
    Channel channel = channels.get(channelId);
    ChannelInfo info = channel == null ? null : channel.look();
    if (info == null) {
      answer.refused(Refusal.NO_SUCH_CHANNEL);
    } else {
      answer.ok(info);
    }
  }

  @Override
  public void look(Answer<? super List<ChannelInfo>> answer) {
    answer.ok(channels.values().stream().map(Channel::look).filter(Objects::nonNull).toList());
  }

  @Override
  public Stats stats() {
    return new Stats(channels.size(), memberCount.get());
  }

  @Override
  public void close() {
    isClosed = true;
    channels.values().forEach(Channel::close);
    stopThreads.run();
  }

  /** Does what is due by time: forgets old events, and sends signs of life. */
  void sweep() {
    long now = now();
    List<Runnable> due = new ArrayList<>();
    for (Channel channel : channels.values()) {
      channel.sweep(now, due);
    }
    for (int from = 0; from < due.size(); from += FanOut.TURN) {
      List<Runnable> turn = due.subList(from, Math.min(from + FanOut.TURN, due.size()));
      executor.execute(() -> turn.forEach(Runnable::run));
    }
  }

  Options options() {
    return options;
  }

  Secrets secrets() {
    return secrets;
  }

  Executor executor() {
    return executor;
  }

  long now() {
    return ticker.getAsLong();
  }

  void memberAdded() {
    memberCount.incrementAndGet();
  }

  void membersRemoved(int count) {
    memberCount.addAndGet(-count);
  }

  /** Forgets a retired channel; not its successor. */
  void remove(Channel channel) {
    if (channels.remove(channel.id(), channel)) {
      channelCount.decrementAndGet();
    }
  }
}
