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
 * A member's connection: a cursor over the channel's log, and the state machine of handing batches
 * to one subscriber. A member that comes by another connection gets another attachment, so that
 * nothing that the old one still has to say concerns it. Two facts make the state: whether a thread
 * holds the attachment, and whether a batch is under way.
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
 * <p>One at rest is never behind, save for the moment until the pass that was claimed for what was
 * appended reaches it: what it has not passed over yet is not for it. What it is held for is a call
 * to its subscriber, or the answer to the join, so neither a second call nor the end can overtake
 * it: {@link #end} leaves it to the holder to tell of the end.
 *
 * <p>All state changes are made under the channel's lock, but for one: the holder itself completes
 * a batch without it, which spares a lock for nearly every delivery. Subscribers are called with no
 * lock held.
 */
final class Attachment implements Membership, Done, Log.Reader {

  private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

  private final Channel channel;
  private final Member member;
  private final Subscriber subscriber;
  private final boolean isPresenceWanted;

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

  /** The number of the next event to be looked at. */
  private long cursor;

  /** The number of the newest event that may be for this stream alone, as far as it was told. */
  private long owed;

  /** The number of the newest event whose id the client has, as far as it was told. */
  private long told;

  private final long presenceFrom;

  /** The number of the newest event when it was resumed; 0 where it has begun anew. */
  private long resumedUpTo;

  /** What comes ahead of the first events: the member list, and perhaps GAP. */
  private @Nullable Batch greeting;

  /** When a batch was taken last, or has moved, in the ticker's nanoseconds. */
  private long lastActive;

  /** Where the fan-out has this member; its affair alone. */
  int place;

  /**
   * One that is yet to be started, by the thread that makes it.
   *
   * @param presenceFrom of the events before this number only the published ones are wanted
   */
  Attachment(
      Channel channel,
      Member member,
      Subscriber subscriber,
      boolean isPresenceWanted,
      long presenceFrom,
      long now) {
    this.channel = channel;
    this.member = member;
    this.subscriber = subscriber;
    this.isPresenceWanted = isPresenceWanted;
    this.presenceFrom = presenceFrom;
    this.lastActive = now;
  }

  /** What comes first, up to that event, is what its client has missed. */
  void resume(long newest) {
    assert Thread.holdsLock(channel);
    resumedUpTo = newest;
  }

  /** Sets where it begins to read, and what is told ahead of that. */
  void begin(long newCursor, long newTold, Batch newGreeting) {
    assert Thread.holdsLock(channel);
    cursor = newCursor;
    owed = channel.log().next() - 1;
    told = newTold;
    resumedUpTo = 0;
    greeting = newGreeting;
  }

  Member member() {
    return member;
  }

  /** An event is directed to it. */
  void owe(long number) {
    assert Thread.holdsLock(channel);
    owed = number;
  }

  @Override
  public String channelId() {
    return channel.id();
  }

  @Override
  public String clientId() {
    return member.clientId();
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

  @Override
  public boolean maySee(long number, Audience audience) {
    return audience instanceof Audience.Presence presence
        ? seesPresenceFrom(number) || (presence.subject() == member && number >= presenceFrom)
        : audience.includes(member);
  }

  @Override
  public boolean seesPresenceFrom(long number) {
    return isPresenceWanted && number >= presenceFrom;
  }

  boolean isPresenceWanted() {
    return isPresenceWanted;
  }

  /**
   * Takes the next batch, where there is one and none is under way; this thread then holds the
   * attachment, and has to deliver the batch and to release the attachment.
   */
  @Nullable Batch take(long now) {
    assert Thread.holdsLock(channel);
    if (isReady()) {
      return hold(next(), now);
    }
    boolean isToBeTold = (isAtRest() && isUntoldForLong()) || isEndOfMissedDue();
    return isToBeTold ? hold(passedOver(), now) : null;
  }

  /** Where it would be told of a gap, or soon would be, though it has missed nothing. */
  private boolean isUntoldForLong() {
    Log log = channel.log();
    return told + 1 < Math.max(log.mark(), log.first());
  }

  /**
   * At rest, resumed and given all that it had missed, but the newest of it was not for it: it
   * cannot know. To be asked after {@link #isReady}, which passes that over.
   */
  boolean isEndOfMissedDue() {
    assert Thread.holdsLock(channel);
    return isAtRest() && told < resumedUpTo && resumedUpTo < cursor;
  }

  /**
   * Takes what is due, where it is at rest: a sign of life where there was none since a time; what
   * to go on from, where the first event it was not told of is from before another time.
   */
  @Nullable Batch takeSignOfLife(long silentSince, long untoldSince, long now) {
    assert Thread.holdsLock(channel);
    if (!isAtRest()) {
      return null;
    }
    boolean isSilent = lastActive - silentSince <= 0;
    if (isReady()) {
      return isSilent ? hold(next(), now) : null;
    }
    boolean isUntold = told + 1 < cursor;
    boolean isDue = isSilent || (isUntold && channel.log().isOlder(told + 1, untoldSince));
    if (!isDue) {
      return null;
    }
    return hold(isUntold ? passedOver() : Batch.EMPTY, now);
  }

  /**
   * Whether a batch has been under way without a move since a time. One that is held waits for its
   * holder, not for its client.
   */
  boolean isStuck(long since) {
    assert Thread.holdsLock(channel);
    return isUnderWay && holder == null && endReason == null && lastActive - since <= 0;
  }

  /** Ends it where it is stuck still, and its subscriber has a deadline. */
  void endIfStuck(long since) {
    if (!hasDeadline()) {
      return;
    }
    boolean isStuck;
    synchronized (channel) {
      isStuck = isStuck(since);
    }
    if (isStuck) {
      channel.end(this, EndReason.STALLED);
    }
  }

  private boolean hasDeadline() {
    try {
      return subscriber.hasDeadline();
    } catch (Throwable e) {
      failed(e);
      return false;
    }
  }

  /** Has a transport look whether its batch, which is under way, could be on its way further. */
  void nudge() {
    try {
      subscriber.nudge();
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** At rest, and there is something to tell. */
  boolean isReady() {
    assert Thread.holdsLock(channel);
    return isAtRest() && (greeting != null || isBehind());
  }

  /** At rest, and there is nothing to tell. */
  boolean isThrough() {
    assert Thread.holdsLock(channel);
    return isAtRest() && greeting == null && !isBehind();
  }

  private boolean isAtRest() {
    return holder == null && !isUnderWay && endReason == null;
  }

  /** Passes over what it may not see; then whether there is anything, or was. */
  private boolean isBehind() {
    Log log = channel.log();
    if (isLeftBehind()) {
      return true;
    }
    cursor = Math.max(cursor, log.first()); // What is gone was for others alone.
    if (!log.seesAll(this, cursor)) {
      cursor = log.skip(cursor, this);
    }
    return cursor < log.next();
  }

  /** Whether something that was, or may have been, for this stream is no longer kept. */
  private boolean isLeftBehind() {
    Log log = channel.log();
    return cursor < log.first() && (cursor <= log.evictedOpen() || cursor <= owed);
  }

  private Batch next() {
    Log log = channel.log();
    boolean isBehind = isBehind();
    if (isLeftBehind()) {
      greeting = null;
      cursor = log.next();
      told = cursor - 1;
      return channel.resynchronisation(this);
    }
    Batch ahead = greeting;
    greeting = null;
    if (!isBehind) {
      return Objects.requireNonNull(ahead);
    }
    Log.Slice slice = log.from(cursor, this);
    cursor = slice.to();
    told = slice.last();
    return ahead == null ? slice.batch() : concat(ahead, slice.batch());
  }

  private Batch passedOver() {
    told = cursor - 1;
    return Batch.passedOver(channel.log().id(told));
  }

  private Batch hold(Batch batch, long now) {
    holder = Thread.currentThread();
    isUnderWay = true;
    lastActive = now;
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
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    Failures.log(
        failure, e -> LOG.warn("a subscriber of channel {} failed and is removed", channelId(), e));
    lost();
  }

  /**
   * Ends what {@link #take} began. True where the end has come meanwhile: then the caller has to
   * {@link #tellEnd}, without the lock.
   */
  boolean release() {
    assert Thread.holdsLock(channel);
    holder = null;
    return endReason != null || channel.endIfDrained(this);
  }

  /** Delivers to this member alone. One batch a turn: what comes meanwhile is left to a pass. */
  void deliverAndRelease(Batch batch) {
    deliver(batch);
    boolean isEnded;
    boolean claimed;
    Batch rest;
    synchronized (channel) {
      isEnded = release();
      boolean isReady = isReady();
      claimed = isReady && channel.fanOut().claim();
      boolean isRestDue = !isReady && isEndOfMissedDue();
      rest = isRestDue ? hold(passedOver(), channel.now()) : null;
    }
    if (isEnded) {
      tellEnd();
    } else if (rest != null) {
      deliverAndRelease(rest);
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

  @Override
  public void moved() {
    synchronized (channel) {
      lastActive = channel.now();
    }
  }

  private void completeLater() {
    Batch batch;
    boolean isEnded;
    synchronized (channel) {
      isUnderWay = false;
      batch = take(channel.now());
      isEnded = channel.endIfDrained(this);
    }
    if (isEnded) {
      tellEnd();
    } else if (batch != null) {
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
      Failures.log(
          e,
          failure ->
              LOG.warn("a subscriber of channel {} failed at its end", channelId(), failure));
    } finally {
      channel.endTold();
    }
  }

  private static Batch concat(Batch first, Batch second) {
    Event[] all = new Event[first.size() + second.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < first.size() ? first.event(i) : second.event(i - first.size());
    }
    return Batch.of(all);
  }
}
