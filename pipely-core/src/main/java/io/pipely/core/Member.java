package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Membership;
import io.pipely.Subscriber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor over a channel's log, and the state machine of handing batches to one subscriber. Two
 * facts make the state: whether a thread holds the member, and whether a batch is under way.
 *
 * <pre>
 *                 held                           free
 *               STARTING  ------release------>  AT_REST <-----+
 *                                                 |           |
 *   take: +---------------------------------------+           | complete
 *         v                                                   |
 *      DELIVERING  ---------release---------->  UNDER_WAY ----+
 *         | complete
 *         v
 *      DELIVERED   ---------release---------->  AT_REST
 * </pre>
 *
 * <p>A member at rest is never behind, save for the moment until the pass that was claimed for what
 * was appended reaches it. What a member is held for is a call to its subscriber, or the answer to
 * the join, so neither a second call nor the end can overtake it: {@link #end} leaves it to the
 * holder to tell of the end.
 *
 * <p>All state changes are made under the channel's lock, but for one: the holder itself completes
 * a batch without it, which spares a lock for nearly every delivery. Subscribers are called with no
 * lock held.
 */
final class Member implements Membership, Done {

  private static final Logger LOG = LoggerFactory.getLogger(Member.class);

  private final Channel channel;
  private final String key;
  private final String clientId;
  private final Subscriber subscriber;

  // Guarded by the channel's lock, save where said:

  /**
   * Who took the batch that the subscriber is about to be called with, or is to answer the join. A
   * thread may ask without the lock whether it is itself: only itself makes that true, and while it
   * is in a call nobody makes it false.
   */
  private @Nullable Thread holder = Thread.currentThread();

  /** Whether a batch is handed out that is not completed; the holder writes it without the lock. */
  private boolean isUnderWay;

  /** Not null once the membership has ended; the holder may look at it without the lock too. */
  private @Nullable EndReason endReason;

  /** The number of the next event this member has to see. */
  private long cursor;

  /** What comes ahead of the first events: the member list. */
  private @Nullable Event greeting;

  /** When the last batch was taken, in the ticker's nanoseconds. */
  private long lastTaken;

  /** Where the fan-out has this member; its affair alone. */
  int place;

  /**
   * A member that is yet to be started, by the thread that makes it.
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
    boolean isEnded;
    Batch batch;
    synchronized (channel) {
      isEnded = release();
      batch = take(channel.now());
    }
    if (isEnded) {
      tellEnd();
    } else if (batch != null) {
      deliverAndRelease(batch);
    }
  }

  /**
   * Takes the next batch, where there is one and none is under way; this thread then holds the
   * member, and has to deliver the batch and to release the member.
   */
  @Nullable Batch take(long now) {
    assert Thread.holdsLock(channel);
    return isReady() ? hold(next(), now) : null;
  }

  /** Takes a batch, or a sign of life, where nothing was taken since a time. */
  @Nullable Batch takeSignOfLife(long since, long now) {
    assert Thread.holdsLock(channel);
    if (!isAtRest() || lastTaken - since > 0) {
      return null;
    }
    return hold(isReady() ? next() : Batch.EMPTY, now);
  }

  /** At rest, and behind. */
  boolean isReady() {
    assert Thread.holdsLock(channel);
    return isAtRest() && cursor < channel.log().next();
  }

  private boolean isAtRest() {
    return holder == null && !isUnderWay && endReason == null;
  }

  private Batch next() {
    Log log = channel.log();
    if (cursor < log.first()) {
      greeting = null;
      cursor = log.next();
      return channel.resynchronisation();
    }
    Batch next = log.from(cursor);
    cursor += next.size();
    if (greeting != null) {
      next = prepend(greeting, next);
      greeting = null;
    }
    return next;
  }

  private Batch hold(Batch batch, long now) {
    holder = Thread.currentThread();
    isUnderWay = true;
    lastTaken = now;
    return batch;
  }

  /** Hands over what was taken, with no lock held; not where the end has come meanwhile. */
  void deliver(Batch batch) {
    if (endReason != null) {
      return;
    }
    try {
      subscriber.deliver(batch, this);
    } catch (Throwable e) {
      LOG.warn("a subscriber of channel {} failed and is removed", channelId(), e);
      lost();
    }
  }

  /**
   * Ends what {@link #take} began. True where the end has come meanwhile: then the caller has to
   * {@link #tellEnd}, without the lock.
   */
  boolean release() {
    assert Thread.holdsLock(channel);
    holder = null;
    return endReason != null;
  }

  /** Delivers to this member alone. One batch a turn: what comes meanwhile is left to a pass. */
  void deliverAndRelease(Batch batch) {
    deliver(batch);
    boolean isEnded;
    boolean claimed;
    synchronized (channel) {
      isEnded = release();
      claimed = isReady() && channel.fanOut().claim();
    }
    if (isEnded) {
      tellEnd();
    } else if (claimed) {
      channel.fanOut().runElsewhere();
    }
  }

  @Override
  public void complete(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.debug("a delivery in channel {} failed", channelId(), failure);
      lost();
    } else if (holder == Thread.currentThread()) {
      isUnderWay = false;
    } else {
      completeLater();
    }
  }

  private void completeLater() {
    Batch batch;
    synchronized (channel) {
      isUnderWay = false;
      batch = take(channel.now());
    }
    if (batch != null) {
      deliverAndRelease(batch);
    }
  }

  /**
   * Ends it, once: false where it has ended before. Whoever ends a member that nobody holds has to
   * {@link #tellEnd}; else the holder does.
   */
  boolean end(EndReason why) {
    assert Thread.holdsLock(channel);
    if (endReason != null) {
      return false;
    }
    endReason = why;
    return true;
  }

  boolean isHeld() {
    assert Thread.holdsLock(channel);
    return holder != null;
  }

  /** Tells the subscriber of the end, with no lock held. */
  void tellEnd() {
    try {
      subscriber.ended(Objects.requireNonNull(endReason));
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
