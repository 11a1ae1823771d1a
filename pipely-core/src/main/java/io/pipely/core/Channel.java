package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.ChannelInfo;
import io.pipely.Credentials;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
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

  /** With the other nodes that share this channel; null where there are none. */
  private final @Nullable Accord accord;

  // Guarded by this:

  /** By folded id, in order of joining. */
  private final Map<String, Member> members = new LinkedHashMap<>(2);

  private final Roster roster = new Roster();
  private final Log log;
  private boolean isRetired;

  /** Nothing is accepted any more; who has been handed everything is ended. */
  private boolean isClosing;

  Channel(Hub hub, String id, byte @Nullable [] passwordHash) {
    this.hub = hub;
    this.id = id;
    this.passwordHash = passwordHash;
    this.log = new Log(hub.options().keepBytes(), hub.budget());
    this.fanOut = new FanOut(this, hub.executor());
    Mirrors mirrors = hub.mirrors();
    this.accord = mirrors == null ? null : mirrors.accord(this);
  }

  String id() {
    return id;
  }

  String epoch() {
    synchronized (this) {
      return log.epoch();
    }
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

  Executor executor() {
    return hub.executor();
  }

  Secrets secrets() {
    return hub.secrets();
  }

  /** Whether a password opens this channel. */
  boolean admits(@Nullable String password) {
    return hub.secrets().admits(passwordHash, password);
  }

  /** For other nodes; null where there is none. */
  @Nullable String passwordText() {
    return Secrets.text(passwordHash);
  }

  /** What this node is called, where several share this channel. */
  String node() {
    return accord().node();
  }

  Accord accord() {
    return Objects.requireNonNull(accord, "shared by no nodes");
  }

  /** Whether several nodes have this channel. */
  boolean isShared() {
    return accord != null;
  }

  boolean isRetired() {
    assert Thread.holdsLock(this);
    return isRetired;
  }

  /** Whether no node has it yet; on a single node, it is there from the beginning. */
  boolean isUnborn() {
    assert Thread.holdsLock(this);
    return accord != null && !accord.isBorn();
  }

  boolean isClosing() {
    assert Thread.holdsLock(this);
    return isClosing;
  }

  Hub hub() {
    return hub;
  }

  /** In order of joining. */
  Collection<Member> members() {
    assert Thread.holdsLock(this);
    return members.values();
  }

  /** Null where nobody has that id. */
  @Nullable Member member(String key) {
    assert Thread.holdsLock(this);
    return members.get(key);
  }

  /** Whether it is one still, or again. */
  boolean isMember(Member member) {
    return member(member.key()) == member;
  }

  void refuse(Refusal why, String clientId, Answer<?> answer) {
    hub.refuse(why, id, clientId, answer);
  }

  void refuse(Refusal why, int index, List<Publication> publications, Answer<?> answer) {
    hub.refuse(why, index, publications, answer);
  }

  /**
   * Has a client join, or come back.
   *
   * @param mayCreate whether it may be the first, where the channel is yet to be created
   * @param again asks the hub once more, where this channel is not the one any more
   */
  void join(
      Join join,
      Subscriber subscriber,
      Answer<? super Membership> answer,
      boolean mayCreate,
      Runnable again) {
    propose(new Entrance(this, join, subscriber, answer, mayCreate, again));
  }

  /** Decides and carries out, here at once, or with all nodes that share this channel. */
  void propose(Proposal proposal) {
    if (accord != null) {
      accord.propose(proposal);
      return;
    }
    Refusal refusal;
    synchronized (this) {
      refusal = proposal.decide();
      if (refusal == null) {
        proposal.apply();
      }
    }
    if (refusal == null) {
      proposal.applied();
    } else {
      decline(proposal, refusal);
    }
  }

  /** What is refused here may be another matter in the channel that there is by now. */
  void decline(Proposal proposal, Refusal why) {
    if (!isPast()) {
      proposal.refused(why);
    } else {
      proposal.again(why);
    }
  }

  /** Whether the hub has another one, or none: it has come before it, or it is over. */
  boolean isPast() {
    return hub.channel(id) != this;
  }

  @Nullable Refusal refusalToJoin(
      @Nullable Member member, boolean isAdmitted, byte @Nullable [] tokenHash) {
    assert Thread.holdsLock(this);
    if (isClosing) {
      return Refusal.SHUTTING_DOWN;
    }
    if (!isAdmitted) {
      return Refusal.WRONG_PASSWORD;
    }
    if (member == null) {
      return members.size() < hub.options().maxMembers() ? null : Refusal.CHANNEL_FULL;
    }
    if (!member.isOwner(tokenHash)) {
      return Refusal.CLIENT_ID_TAKEN;
    }
    boolean isFree = !isServed(member) || member.mayBeTakenOver(now());
    return isFree ? null : Refusal.TOKEN_IN_USE;
  }

  /** Another node is taken to serve its members as long as it lives: it alone knows better. */
  private boolean isServed(Member member) {
    return member.attachment() != null || !isServedHere(member);
  }

  /** One that is yet to be admitted. */
  Member newMember(String key, String clientId, byte @Nullable [] tokenHash) {
    Member member = new Member(key, clientId, tokenHash);
    if (accord != null) {
      member.sit(accord.newSeat(clientId, tokenHash));
    }
    return member;
  }

  Attachment admit(Member member, Join join, Subscriber subscriber) {
    assert Thread.holdsLock(this);
    long newest = log.next() - 1;
    if (members.isEmpty()) {
      hub.notices().created(id);
    }
    hub.notices().joined(id, member);
    seat(member);
    return attach(member, join, subscriber, newest, now());
  }

  /** It is a member from now on, and the others are told. */
  void seat(Member member) {
    assert Thread.holdsLock(this);
    log.append(BuiltIn.connect(id, member.clientId()), member.presence(), now());
    roster.add(member.clientId());
    put(member);
  }

  private void put(Member member) {
    members.put(member.key(), member);
    if (accord != null) {
      accord.seated(member);
    }
    if (isServedHere(member)) {
      hub.memberAdded();
    }
  }

  /** Where several nodes share this channel, each counts and tends its own members. */
  boolean isServedHere(Member member) {
    return accord == null || accord.isOfThisNode(member);
  }

  /** Whether it is another node's, which lives, to see to a member. */
  boolean isSeenToElsewhere(Member member) {
    return !isServedHere(member) && !hub.isDead(member.seat().node());
  }

  Attachment takeOver(Member member, Join join, Subscriber subscriber) {
    assert Thread.holdsLock(this);
    hub.notices().takenOver(id, member);
    if (accord != null) {
      move(member, accord.node());
    }
    return attach(member, join, subscriber, log.next() - 1, now());
  }

  /** A member is served by a node from now on. The others do not see that. */
  void move(Member member, String node) {
    if (!isServedHere(member)) {
      member.takenOver(now());
    }
    serveAt(member, node);
    log.append(BuiltIn.hidden(id), Audience.NOBODY, now());
  }

  /** A member is served by a node, as it turns out. */
  void serveAt(Member member, String node) {
    assert Thread.holdsLock(this);
    if (isServedHere(member)) {
      hub.memberRemoved();
    }
    member.sit(member.seat().at(node));
    accord().keep(member);
    if (isServedHere(member)) {
      hub.memberAdded();
    }
  }

  /**
   * Sets a member's stream on its way.
   *
   * @param newest the number of the newest event ahead of what follows for this stream
   */
  private Attachment attach(
      Member member, Join join, Subscriber subscriber, long newest, long now) {
    String lastEventId = join.lastEventId();
    boolean isPresenceWanted = join.isPresenceWanted();
    long presenceFrom = lastEventId == null ? newest + 1 : 0;
    Attachment attachment =
        new Attachment(this, member, subscriber, isPresenceWanted, presenceFrom, now);
    Event list = clientList(attachment);
    if (lastEventId == null) {
      long start = log.back(join.history(), newest + 1, attachment);
      attachment.begin(start, newest, Batch.of(list.at(log.epoch(), newest)));
    } else {
      Resumption resumption = Resumption.of(lastEventId, log.epoch(), log.first(), newest);
      if (resumption.gap() == null) {
        attachment.begin(resumption.seen() + 1, resumption.seen(), Batch.of(list));
        attachment.resume(newest);
      } else {
        Event gap = BuiltIn.gap(id, resumption.gap()).at(log.epoch(), newest);
        attachment.begin(newest + 1, newest, Batch.of(list, gap));
      }
    }
    member.attach(attachment);
    hub.open().add();
    fanOut.add(attachment);
    return attachment;
  }

  /** Ends a member's connection. Gives it back where the caller has to tell it of the end. */
  @Nullable Attachment detach(Member member, EndReason why) {
    assert Thread.holdsLock(this);
    Attachment attachment = member.attachment();
    if (attachment == null || !attachment.end(why)) {
      return null;
    }
    fanOut.remove(attachment);
    member.attach(null);
    if (why == EndReason.REPLACED) {
      member.takenOver(now());
    }
    return attachment.isHeld() ? null : attachment;
  }

  /**
   * Ends all connections, where the channel is no more: those of members whose return to it was
   * under way, too. Gives back whom the caller has to tell of the end.
   */
  List<Attachment> detachAll() {
    List<Attachment> toTell = new ArrayList<>();
    for (Attachment attachment : List.copyOf(fanOut.members())) {
      Attachment each = detach(attachment.member(), EndReason.LOST);
      if (each != null) {
        toTell.add(each);
      }
    }
    return toTell;
  }

  /** All of them or none; they are all for this channel. */
  void publish(List<Publication> publications, Answer<? super List<Receipt>> answer) {
    List<Submission> submissions = Submission.prepare(publications, passwordHash, hub.secrets());
    propose(new Announcement(this, publications, submissions, answer));
  }

  @Nullable Refusal refusalToPublish() {
    assert Thread.holdsLock(this);
    if (isClosing) {
      return Refusal.SHUTTING_DOWN;
    }
    return members.isEmpty() ? Refusal.NO_SUCH_CHANNEL : null;
  }

  /** Decides one publication, which then knows whom it is for. */
  @Nullable Refusal decide(Submission submission) {
    assert Thread.holdsLock(this);
    return submission.decide(
        members, hub.secrets().hasServerKey(), hub.options().isStrictOrigins());
  }

  /**
   * Appends what was decided. Gives those who are to be served, where they are few; null where it
   * takes a pass.
   */
  @Nullable Turn append(List<Submission> submissions, List<Receipt> receipts) {
    assert Thread.holdsLock(this);
    long now = now();
    long mark = log.mark();
    Set<Attachment> recipients = Set.of(); // Most events are directed to nobody.
    boolean isForFew = true;
    for (Submission submission : submissions) {
      Audience audience = submission.audience();
      Event event = log.append(submission.event(id), audience, now);
      int size = audience.size(members.size());
      receipts.add(new Receipt(size, Objects.requireNonNull(event.id())));
      hub.notices().published(event, size);
      isForFew &= audience instanceof Audience.Only;
      if (audience instanceof Audience.Only only) {
        recipients = recipients.isEmpty() ? new LinkedHashSet<>() : recipients;
        direct(only, recipients);
      }
    }
    // Once in a while everybody is to be told how far the log is.
    isForFew &= recipients.size() <= FanOut.TURN && log.mark() == mark;
    return isForFew ? fanOut.turnOf(recipients, now) : null;
  }

  /** The newest event is directed: notes it with the streams that it is for. */
  void direct(Audience.Only audience, Set<Attachment> recipients) {
    for (Member member : audience.members()) {
      Attachment attachment = member.attachment();
      if (attachment != null) {
        attachment.owe(log.next() - 1);
        recipients.add(attachment);
      }
    }
  }

  /** Ends a connection, once; and the membership, unless the member may come back. */
  void end(Attachment attachment, EndReason why) {
    Runnable rest;
    synchronized (this) {
      Member member = attachment.member();
      if (member.attachment() != attachment) {
        return;
      }
      if (why == EndReason.STALLED) {
        hub.notices().stalled(id, member);
      }
      if (mayComeBack(member, why)) {
        rest = lose(member, why);
      } else if (accord == null) {
        rest = remove(member, why);
      } else {
        Attachment toTell = detach(member, why);
        accord.giveUp(member, why);
        rest = () -> endOfGivenUp(toTell);
      }
    }
    rest.run();
  }

  /** The other nodes are to know that a member has gone. */
  private void endOfGivenUp(@Nullable Attachment toTell) {
    try {
      tellEnd(toTell);
    } finally {
      proposeGivingUp();
    }
  }

  /** Has those leave who were given up, where that is not under way already. */
  void proposeGivingUp() {
    GivingUp givingUp;
    synchronized (this) {
      givingUp = accord().takeGivingUp();
    }
    if (givingUp != null) {
      propose(givingUp);
    }
  }

  private boolean mayComeBack(Member member, EndReason why) {
    return why != EndReason.LEFT && member.hasToken() && hub.graces().areGiven() && !isClosing;
  }

  /** The member stays for a while, without a connection. Gives what is to be done afterwards. */
  private Runnable lose(Member member, EndReason why) {
    Attachment toTell = detach(member, why);
    long now = now();
    member.lost(now);
    hub.notices().lost(id, member);
    hub.graces().add(this, member, now);
    return () -> tellEnd(toTell);
  }

  /** Ends a grace: gives what is to be done then, or null where the member has come back. */
  @Nullable Runnable endGrace(Member member, long lostAt) {
    synchronized (this) {
      if (!member.isLostSince(lostAt) || members.get(member.key()) != member) {
        return null;
      }
      if (accord == null) {
        return remove(member, EndReason.LOST);
      }
      accord.giveUp(member, EndReason.LOST);
      return this::proposeGivingUp;
    }
  }

  /** Has a member leave, wherever its connection is. */
  void leave(String clientId, byte @Nullable [] tokenHash, Answer<? super String> answer) {
    propose(new Departure(this, clientId, tokenHash, answer));
  }

  /** Why that member may not leave by a request with that token; null where it may. */
  @Nullable Refusal refusalToLeave(@Nullable Member member, byte @Nullable [] tokenHash) {
    if (member == null) {
      return members.isEmpty() ? Refusal.NO_SUCH_CHANNEL : Refusal.NO_SUCH_CLIENT;
    }
    return member.isOwner(tokenHash) ? null : Refusal.CLIENT_OF_ANOTHER;
  }

  /**
   * Ends a membership for good: the others are told, or the channel is retired. Gives what is to be
   * done afterwards.
   */
  Runnable remove(Member member, EndReason why) {
    assert Thread.holdsLock(this);
    Attachment toTell = forget(member, why);
    // Those who are to be ended next need not know; but where they share it, nodes have one log.
    if (members.isEmpty() || (isClosing && !isShared())) {
      List<Attachment> left = members.isEmpty() ? detachAll() : List.of();
      return () -> {
        tellEnd(toTell);
        left.forEach(Channel::tellEnd);
      };
    }
    log.append(BuiltIn.disconnect(id, member.clientId()), member.presence(), now());
    boolean claimed = fanOut.claim();
    return () -> {
      tellEnd(toTell);
      if (claimed) {
        fanOut.runHereIfShort();
      }
    };
  }

  /** Gives the connection back where the caller has to tell it of the end. */
  private @Nullable Attachment forget(Member member, EndReason why) {
    assert Thread.holdsLock(this);
    Attachment toTell = detach(member, why);
    take(member);
    hub.notices().left(id, member, why);
    if (members.isEmpty()) {
      hub.notices().destroyed(id);
      retire();
    }
    return toTell;
  }

  /** It is no member any more, and the others are yet to be told. */
  void take(Member member) {
    assert Thread.holdsLock(this);
    members.remove(member.key());
    roster.invalidate();
    if (accord != null) {
      accord.unseated(member);
    }
    if (isServedHere(member)) {
      hub.memberRemoved();
    }
  }

  /** Ends this life of the channel: whoever comes from now on makes another. */
  void retire() {
    assert Thread.holdsLock(this);
    isRetired = true;
    log.clear();
    hub.remove(this);
  }

  static void tellEnd(@Nullable Attachment attachment) {
    if (attachment != null) {
      attachment.tellEnd();
    }
  }

  /** Ends all memberships, and the channel with them, at once. */
  void close() {
    close(member -> true);
    abandon();
  }

  /**
   * Accepts nothing more, and ends the memberships: of those who have everything at once, and of
   * the others when they do.
   */
  void drain() {
    close(
        member -> {
          Attachment attachment = member.attachment();
          return attachment == null || attachment.isThrough();
        });
  }

  private void close(Predicate<Member> isDue) {
    List<Attachment> toTell = new ArrayList<>();
    boolean isOver;
    synchronized (this) {
      isClosing = true;
      for (Member member : List.copyOf(accord == null ? members.values() : served())) {
        Attachment attachment = isDue.test(member) ? close(member) : null;
        if (attachment != null) {
          toTell.add(attachment);
        }
      }
      if (members.isEmpty() && !isRetired) { // Its creator has not joined yet.
        isRetired = true;
        hub.remove(this);
      }
      isOver = isRetired;
    }
    toTell.forEach(Attachment::tellEnd);
    if (isOver) {
      abandon();
    }
  }

  /** While there are threads: later, each would be refused inside the one before. */
  private void abandon() {
    if (accord != null) {
      accord.abandon();
    }
  }

  /** Who has a connection, though it may have no seat at present. */
  private List<Member> served() {
    return fanOut.members().stream().map(Attachment::member).toList();
  }

  /** Where other nodes share this channel it stays a member, so that it can come back to them. */
  private @Nullable Attachment close(Member member) {
    return accord == null ? forget(member, EndReason.CLOSED) : detach(member, EndReason.CLOSED);
  }

  /** Ends a membership that has got everything there will be; the caller has to tell of it. */
  boolean endIfDrained(Attachment attachment) {
    assert Thread.holdsLock(this);
    return isClosing && attachment.isThrough() && close(attachment.member()) == attachment;
  }

  /**
   * Another life is told of, while the creation of this one may be under way, which may still come
   * about after that. False where it is not: then this one is over.
   */
  boolean isYetToBeBorn() {
    synchronized (this) {
      if (!isRetired && accord().isBorn()) {
        retire();
      }
      return !isRetired;
    }
  }

  /** Nobody is to find it here any more. */
  void retireIfNotYet() {
    synchronized (this) {
      if (!isRetired) {
        retire();
      }
    }
  }

  /**
   * Whoever wants one makes another, unless this is one, by a change whose outcome was not known.
   */
  void retireIfNotBorn() {
    synchronized (this) {
      if (!isRetired && !accord().isBorn()) {
        retire();
      }
    }
  }

  /** The creation has come to nothing: who comes next makes another. */
  void retireUnborn() {
    synchronized (this) {
      if (!isRetired && members.isEmpty() && accord().isIdle()) {
        retire();
      }
    }
  }

  /** A subscriber has been told of its end. */
  void endTold() {
    hub.open().remove();
  }

  /** The members are these, in that order: so it is said by the other nodes. */
  void replaceMembers(Collection<Member> others) {
    assert Thread.holdsLock(this);
    Set<Member> staying = Set.copyOf(others);
    for (Member member : List.copyOf(members.values())) {
      if (!staying.contains(member)) {
        take(member);
      }
    }
    for (Member member : others) {
      if (members.remove(member.key(), member)) {
        members.put(member.key(), member); // In its new place.
      } else {
        put(member);
      }
    }
    roster.invalidate();
  }

  /** Adds to a list what is due by time, and lets the log forget. */
  void sweep(long now, List<Runnable> due) {
    synchronized (this) {
      long keepNanos = hub.options().keepTime().toNanos();
      long silentSince = now - hub.options().heartbeat().toNanos();
      long stuckSince = now - hub.options().stall().toNanos();
      for (Attachment attachment : fanOut.members()) {
        Batch batch = attachment.takeSignOfLife(silentSince, now - keepNanos / 4, now);
        if (batch != null) {
          due.add(() -> attachment.deliverAndRelease(batch));
        } else if (attachment.isStuck(stuckSince)) {
          due.add(() -> attachment.endIfStuck(stuckSince));
        } else if (attachment.isStuck(now)) {
          due.add(attachment::nudge);
        }
      }
      log.evictBefore(now - keepNanos);
      log.bareBefore(now - keepNanos / 8);
      roster.invalidate();
    }
  }

  /** Whether there is a member. */
  synchronized boolean isOpen() {
    return !members.isEmpty();
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

  /** Whether somebody may look: who has the password, or the server's key. */
  boolean mayLook(Credentials credentials) {
    return hub.secrets().isServerKey(credentials.serverKey()) || admits(credentials.password());
  }

  /** For a stream that the log has left behind: how things stand, and that events were missed. */
  Batch resynchronisation(Attachment attachment) {
    return resynchronisation(attachment, GapReason.EVICTED);
  }

  /** The same, for another reason. */
  Batch resynchronisation(Attachment attachment, GapReason reason) {
    assert Thread.holdsLock(this);
    Event gap = BuiltIn.gap(id, reason).at(log.epoch(), log.next() - 1);
    return Batch.of(clientList(attachment), gap);
  }

  private Event clientList(Attachment attachment) {
    assert Thread.holdsLock(this);
    return BuiltIn.clientList(
        id,
        attachment.isPresenceWanted()
            ? roster.list(members.values())
            : Roster.of(attachment.member()));
  }
}
