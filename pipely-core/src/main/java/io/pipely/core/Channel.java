package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.ChannelInfo;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One life of a channel: a log, and the members that read it. All rules about who is in and who may
 * speak are here, under one lock, this object's monitor. The lock covers memory only: what was
 * decided under it is acted upon after it.
 *
 * <p>A channel that has lost its last member is retired for good; who finds it retired asks the hub
 * for its successor. Without a member and not retired it is only until its creator has joined.
 */
final class Channel {

  private final Hub hub;
  private final String id;
  private final byte @Nullable [] passwordHash;

  private final FanOut fanOut;

  // Guarded by this:

  /** By folded id, in order of joining. */
  private final Map<String, Member> members = new LinkedHashMap<>(2);

  private final Roster roster = new Roster();
  private final Log log;
  private boolean isRetired;

  Channel(Hub hub, String id, byte @Nullable [] passwordHash) {
    this.hub = hub;
    this.id = id;
    this.passwordHash = passwordHash;
    this.log = new Log(hub.options().keepBytes());
    this.fanOut = new FanOut(this, hub.executor());
  }

  String id() {
    return id;
  }

  Log log() {
    assert Thread.holdsLock(this);
    return log;
  }

  FanOut fanOut() {
    return fanOut;
  }

  long now() {
    return hub.now();
  }

  /** False where the channel is retired: nothing was answered. */
  boolean join(Join join, Subscriber subscriber, Answer<? super Membership> answer) {
    String key = Names.fold(join.clientId());
    boolean isAdmitted = admits(join.password());
    Refusal refusal;
    Member member = null;
    boolean claimed = false;
    synchronized (this) {
      if (isRetired) {
        return false;
      }
      refusal = refusalToJoin(key, isAdmitted);
      if (refusal == null) {
        member = add(key, join.clientId(), subscriber);
        claimed = fanOut.claim();
      }
    }
    if (refusal != null) {
      answer.refused(refusal);
    } else {
      welcome(Objects.requireNonNull(member), claimed, answer);
    }
    return true;
  }

  private @Nullable Refusal refusalToJoin(String key, boolean isAdmitted) {
    assert Thread.holdsLock(this);
    if (!isAdmitted) {
      return Refusal.WRONG_PASSWORD;
    }
    if (members.containsKey(key)) {
      return Refusal.CLIENT_ID_TAKEN;
    }
    return members.size() < hub.options().maxMembers() ? null : Refusal.CHANNEL_FULL;
  }

  private Member add(String key, String clientId, Subscriber subscriber) {
    assert Thread.holdsLock(this);
    long now = now();
    log.append(BuiltIn.connect(id, clientId), now);
    roster.add(clientId);
    Member member = new Member(this, key, clientId, subscriber, log.next() - 1, now);
    members.put(key, member);
    member.greet(clientList());
    fanOut.add(member);
    hub.memberAdded();
    return member;
  }

  private void welcome(Member member, boolean claimed, Answer<? super Membership> answer) {
    try {
      answer.ok(member);
    } catch (Throwable e) {
      member.lost();
      throw e;
    } finally {
      member.start();
      if (claimed) {
        fanOut.runHereIfShort();
      }
    }
  }

  void publish(Event event, @Nullable String password, Answer<? super Receipt> answer) {
    if (admits(password)) {
      publish(event, answer);
    } else if (isOpen()) {
      answer.refused(Refusal.WRONG_PASSWORD);
    } else {
      answer.refused(Refusal.NO_SUCH_CHANNEL);
    }
  }

  /** Without asking for a password. */
  void publish(Event event, Answer<? super Receipt> answer) {
    int recipients;
    boolean claimed;
    synchronized (this) {
      recipients = members.size();
      claimed = recipients > 0 && append(event);
    }
    if (recipients == 0) {
      answer.refused(Refusal.NO_SUCH_CHANNEL);
      return;
    }
    try {
      answer.ok(new Receipt(recipients));
    } finally {
      if (claimed) {
        fanOut.runHereIfShort();
      }
    }
  }

  /** True where the caller has to run the pass, after it has let go of the lock. */
  private boolean append(Event event) {
    assert Thread.holdsLock(this);
    log.append(event, now());
    return fanOut.claim();
  }

  /** Ends a membership, once. The others are told, or the channel is retired. */
  void end(Member member, EndReason why) {
    boolean claimed = false;
    boolean isLast;
    boolean isHeld;
    synchronized (this) {
      if (!member.end(why)) {
        return;
      }
      isHeld = member.isHeld();
      members.remove(member.key());
      fanOut.remove(member);
      roster.invalidate();
      isLast = members.isEmpty();
      if (isLast) {
        isRetired = true;
      } else {
        claimed = append(BuiltIn.disconnect(id, member.clientId()));
      }
    }
    hub.membersRemoved(1);
    if (isLast) {
      hub.remove(this);
    }
    if (!isHeld) {
      member.tellEnd();
    }
    if (claimed) {
      fanOut.runHereIfShort();
    }
  }

  /** Ends all memberships and the channel; nobody is left to be told of the others. */
  void close() {
    List<Member> ended = new ArrayList<>();
    int count;
    synchronized (this) {
      isRetired = true;
      count = members.size();
      for (Member member : members.values()) {
        member.end(EndReason.CLOSED);
        fanOut.remove(member);
        if (!member.isHeld()) {
          ended.add(member);
        }
      }
      members.clear();
    }
    hub.membersRemoved(count);
    hub.remove(this);
    ended.forEach(Member::tellEnd);
  }

  /** Lets the log forget, and adds to a list what is due as a sign of life. */
  void sweep(long now, List<Runnable> due) {
    synchronized (this) {
      long keepNanos = hub.options().keepTime().toNanos();
      log.evictBefore(now - keepNanos);
      log.bareBefore(now - keepNanos / 8);
      roster.invalidate();
      long since = now - hub.options().heartbeat().toNanos();
      for (Member member : fanOut.members()) {
        Batch batch = member.takeSignOfLife(since, now);
        if (batch != null) {
          due.add(() -> member.deliverAndRelease(batch));
        }
      }
    }
  }

  /** Null where there is no member (any more). */
  @Nullable ChannelInfo look() {
    synchronized (this) {
      if (members.isEmpty()) {
        return null;
      }
      List<String> ids = members.values().stream().map(Member::clientId).toList();
      return new ChannelInfo(id, passwordHash != null, ids);
    }
  }

  /** For a member that the log has left behind: how things stand, and that events were missed. */
  Batch resynchronisation() {
    assert Thread.holdsLock(this);
    return Batch.of(clientList(), BuiltIn.gap(id));
  }

  private Event clientList() {
    assert Thread.holdsLock(this);
    return BuiltIn.clientList(id, roster.list(members.values()));
  }

  private synchronized boolean isOpen() {
    return !members.isEmpty();
  }

  /** Outside the lock, since a hash takes its time; a channel's password never changes. */
  private boolean admits(@Nullable String password) {
    return passwordHash == null
        || (password != null && hub.secrets().matches(passwordHash, password));
  }
}
