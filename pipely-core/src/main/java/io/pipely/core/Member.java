package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Membership;
import io.pipely.Subscriber;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor over a channel's log, and the state machine of handing batches to one subscriber:
 *
 * <pre>
 *   STARTING --start--> AT_REST <--complete-- DELIVERING        any state --end--> ENDED
 *                          `------take----------^
 * </pre>
 *
 * <p>A member at rest is never behind, save for the moment until the pass that was claimed for what
 * was appended reaches it. The state changes under the channel's lock; the subscriber is called
 * with no lock held, and only by the thread that took the batch, which stands in {@link #deliverer}
 * from the taking until the call has returned. Its being set keeps {@link Subscriber#ended} from
 * overtaking the call, and the answer to the join, and tells a completion within the call from a
 * later one.
 */
final class Member implements Membership, Done {

  private static final Logger LOG = LoggerFactory.getLogger(Member.class);

  private static final VarHandle DELIVERER;
  private static final VarHandle TOLD_END;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      DELIVERER = lookup.findVarHandle(Member.class, "deliverer", Thread.class);
      TOLD_END = lookup.findVarHandle(Member.class, "toldEnd", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private enum State {
    STARTING,
    AT_REST,
    DELIVERING,
    ENDED
  }

  private final Channel channel;
  private final String key;
  private final String clientId;
  private final Subscriber subscriber;

  /** Written under the channel's lock, read anywhere. */
  private volatile State state = State.STARTING;

  /** At first the joining thread, until the join has been answered. */
  private volatile @Nullable Thread deliverer = Thread.currentThread();

  @SuppressWarnings("UnusedVariable") // By TOLD_END.
  private volatile boolean toldEnd;

  private volatile @Nullable EndReason endReason;

  // Guarded by the channel's lock:

  /** The number of the next event this member has to see. */
  private long cursor;

  /** What comes ahead of the first events: the member list. */
  private @Nullable Event greeting;

  /** When the last batch was taken, in the ticker's nanoseconds. */
  private long lastTaken;

  /** Written under the lock by the thread that took it, which alone reads it. */
  private @Nullable Batch batch;

  /** Where the fan-out has this member; its affair alone. */
  int place;

  /**
   * A member that is yet to be started.
   *
   * @param key the folded id
   * @param cursor the number of the member's own CONNECT
   */
  Member(
      Channel channel, String key, String clientId, Subscriber subscriber, long cursor, long now) {
    this.channel = channel;
    this.key = key;
    this.clientId = clientId;
    this.subscriber = subscriber;
    this.cursor = cursor;
    this.lastTaken = now;
  }

  String key() {
    return key;
  }

  /** What the first batch is to begin with. */
  void greet(Event event) {
    assert Thread.holdsLock(channel);
    greeting = event;
  }

  @Override
  public String channelId() {
    return channel.id();
  }

  @Override
  public String clientId() {
    return clientId;
  }

  @Override
  public void leave() {
    channel.end(this, EndReason.LEFT);
  }

  @Override
  public void lost() {
    channel.end(this, EndReason.LOST);
  }

  /** The join has been answered: from now on batches may come, and the end. */
  void start() {
    boolean taken;
    synchronized (channel) {
      if (state == State.STARTING) {
        state = State.AT_REST;
      }
      taken = take(channel.now());
    }
    if (taken) {
      deliver();
    } else {
      returned(Thread.currentThread());
    }
  }

  /**
   * Takes the next batch where there is one and none is under way; to be delivered by this thread.
   */
  boolean take(long now) {
    assert Thread.holdsLock(channel);
    if (state != State.AT_REST || !isBehind()) {
      return false;
    }
    Log log = channel.log();
    if (cursor < log.first()) {
      greeting = null;
      cursor = log.next();
      take(channel.resynchronisation(), now);
      return true;
    }
    Batch next = log.from(cursor);
    cursor += next.size();
    if (greeting != null) {
      next = prepend(greeting, next);
      greeting = null;
    }
    take(next, now);
    return true;
  }

  /** Takes a sign of life where nothing was taken since a time. */
  boolean takeSignOfLife(long since, long now) {
    assert Thread.holdsLock(channel);
    if (state != State.AT_REST || lastTaken - since > 0) {
      return false;
    }
    if (!isBehind()) {
      take(Batch.EMPTY, now);
      return true;
    }
    return take(now);
  }

  private void take(Batch next, long now) {
    assert Thread.holdsLock(channel);
    batch = next;
    lastTaken = now;
    deliverer = Thread.currentThread();
    state = State.DELIVERING;
  }

  private boolean isBehind() {
    assert Thread.holdsLock(channel);
    return cursor < channel.log().next();
  }

  /** Hands over what was taken, with no lock held. */
  void deliver() {
    Thread self = Thread.currentThread();
    deliverer = self;
    Batch taken = batch;
    if (taken != null && state == State.DELIVERING) {
      try {
        subscriber.deliver(taken, this);
      } catch (Throwable e) {
        LOG.warn("a subscriber of channel {} failed and is removed", channelId(), e);
        lost();
      }
    }
    returned(self);
  }

  /** A call of the subscriber's has returned, so that it may be told of the end. */
  private void returned(Thread self) {
    // Where another thread has completed this delivery and is at the next one, it stands here now.
    DELIVERER.compareAndSet(this, self, (Thread) null);
    if (state == State.ENDED) {
      tellEnd();
    }
  }

  @Override
  public void complete(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.debug("a delivery in channel {} failed", channelId(), failure);
      lost();
      return;
    }
    boolean taken = false;
    boolean claimed = false;
    synchronized (channel) {
      if (state != State.DELIVERING) {
        return;
      }
      batch = null;
      state = State.AT_REST;
      if (isBehind()) {
        if (deliverer == Thread.currentThread()) {
          // Within the call: one batch a turn, so what came meanwhile waits for the next pass.
          claimed = channel.fanOut().claim();
        } else {
          taken = take(channel.now());
        }
      }
    }
    if (claimed) {
      channel.fanOut().runElsewhere();
    } else if (taken) {
      deliver();
    }
  }

  /** Ends it, once: false where it has ended before. To be followed by {@link #tellEnd}. */
  boolean end(EndReason why) {
    assert Thread.holdsLock(channel);
    if (state == State.ENDED) {
      return false;
    }
    endReason = why;
    state = State.ENDED;
    return true;
  }

  /** Tells the subscriber of the end, once, as soon as no call to it is running. */
  void tellEnd() {
    EndReason why = endReason;
    if (why == null || deliverer != null || !TOLD_END.compareAndSet(this, false, true)) {
      return;
    }
    try {
      subscriber.ended(why);
    } catch (Throwable e) {
      LOG.warn("a subscriber of channel {} failed at its end", channelId(), e);
    }
  }

  private static Batch prepend(Event first, Batch rest) {
    Event[] all = new Event[rest.size() + 1];
    all[0] = first;
    for (int i = 0; i < rest.size(); i++) {
      all[i + 1] = rest.event(i);
    }
    return Batch.of(all);
  }
}
