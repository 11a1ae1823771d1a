package io.pipely.core;

import io.pipely.Batch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Sees to it that what was appended to a channel's log reaches its members. A pass goes over all
 * members once and hands each that is at rest one batch; one pass runs at a time, and what is
 * appended meanwhile is left for the next one, so that under load events leave in batches. A pass
 * over many members is cut into turns, between which other channels get the thread.
 *
 * <p>The state is guarded by the channel's lock; subscribers are called without it.
 */
final class FanOut implements Runnable {

  /** Members served before the thread is given up; up to as many are served by the publisher. */
  static final int TURN = 128;

  private final Channel channel;
  private final Executor executor;

  /**
   * The members, in no order: who is removed is replaced by the last. A pass goes from the end to
   * the front, so that whom it has yet to reach is never moved to where it has been.
   */
  private final List<Attachment> members = new ArrayList<>(1);

  /** Where the running pass goes on; -1 where it is through. */
  private int position = -1;

  private boolean isRunning;
  private boolean isNextNeeded;

  FanOut(Channel channel, Executor executor) {
    this.channel = channel;
    this.executor = executor;
  }

  void add(Attachment member) {
    assert Thread.holdsLock(channel);
    member.place = members.size();
    members.add(member);
  }

  void remove(Attachment member) {
    assert Thread.holdsLock(channel);
    Attachment last = members.remove(members.size() - 1);
    if (last != member) {
      members.set(member.place, last);
      last.place = member.place;
    }
  }

  List<Attachment> members() {
    assert Thread.holdsLock(channel);
    return members;
  }

  /**
   * Asks for a pass. True where none is running: then the caller has to run it, after it has let go
   * of the lock.
   */
  boolean claim() {
    assert Thread.holdsLock(channel);
    isNextNeeded = true;
    if (isRunning) {
      return false;
    }
    isRunning = true;
    return true;
  }

  /** Runs the claimed pass, here where it is short: a change of threads costs more than it. */
  void runHereIfShort() {
    boolean isShort;
    synchronized (channel) {
      isShort = members.size() <= TURN;
    }
    if (isShort) {
      run();
    } else {
      runElsewhere();
    }
  }

  void runElsewhere() {
    Handover.run(this, executor);
  }

  /**
   * Serves some members by the claimed pass and those that follow, and leaves the rest elsewhere,
   * where there is somebody to take it.
   */
  @Override
  public void run() {
    int served = 0;
    boolean isThrough;
    do {
      Turn turn;
      synchronized (channel) {
        turn = nextTurn(channel.now());
      }
      turn.deliver();
      served += Math.max(1, turn.size()); // Passes that find all members busy count too.
      List<Attachment> ended;
      synchronized (channel) {
        ended = release(turn);
        isThrough = position < 0 && !isNextNeeded;
        isRunning = !isThrough;
      }
      ended.forEach(Attachment::tellEnd);
    } while (!isThrough && (served < TURN || !Handover.isTaken(this, executor)));
  }

  /** Takes a turn of a few members alone, to be {@link #serve}d after the lock was let go of. */
  Turn turnOf(Collection<Attachment> some, long now) {
    assert Thread.holdsLock(channel);
    Turn turn = new Turn(some.size());
    for (Attachment member : some) {
      Batch batch = member.take(now);
      if (batch != null) {
        turn.add(member, batch);
      }
    }
    return turn;
  }

  /** Serves a turn that no pass has taken, and leaves what came meanwhile to a pass elsewhere. */
  void serve(Turn turn) {
    turn.deliver();
    List<Attachment> ended;
    boolean claimed;
    synchronized (channel) {
      ended = release(turn);
      claimed = isNextNeeded && claim();
    }
    ended.forEach(Attachment::tellEnd);
    if (claimed) {
      runElsewhere();
    }
  }

  private Turn nextTurn(long now) {
    assert Thread.holdsLock(channel);
    if (position < 0) {
      isNextNeeded = false;
      position = members.size() - 1;
    }
    position = Math.min(position, members.size() - 1);
    Turn turn = new Turn(Math.min(position + 1, TURN));
    while (position >= 0 && !turn.isFull()) {
      Attachment member = members.get(position--);
      Batch batch = member.take(now);
      if (batch != null) {
        turn.add(member, batch);
      }
    }
    return turn;
  }

  /** Those whose end has come during the turn. */
  private List<Attachment> release(Turn turn) {
    assert Thread.holdsLock(channel);
    List<Attachment> ended = List.of();
    for (int i = 0; i < turn.size(); i++) {
      Attachment member = turn.member(i);
      if (member.release()) {
        ended = ended.isEmpty() ? new ArrayList<>() : ended;
        ended.add(member);
      } else if (member.isReady() || member.isEndOfMissedDue()) {
        isNextNeeded = true;
      }
    }
    return ended;
  }
}
