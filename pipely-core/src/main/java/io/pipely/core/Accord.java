package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Refusal;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Ledger;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the nodes agree upon one life of a channel: who proposes has it entered in the ledger, and
 * carries it out where it comes back in the order in which all nodes see it.
 *
 * <p>A proposal that changes who is a member makes all others stale that were decided at the same
 * time. So a node has one of these under way at a time, and the others wait, lest a crowd of
 * newcomers compete with itself; those of other nodes they may meet still.
 */
final class Accord {

  private static final Logger LOG = LoggerFactory.getLogger(Accord.class);

  private final Channel channel;
  private final Ledger ledger;
  private final Identities identities;

  // Guarded by the channel's lock:

  private long version;

  /** Whether the channel is in the ledger; else it is yet to be created, by a first member. */
  private boolean isBorn;

  /** What was proposed and has not come back, by the id of its change. */
  private final Map<String, Proposal> underWay = new HashMap<>();

  /** What waits for another proposal about the members. */
  private final Queue<Proposal> waiting = new ArrayDeque<>();

  private boolean isTurnTaken;

  /** The members by the ids of their seats. */
  private final Map<String, Member> seats = new HashMap<>();

  /** Those who are not back yet, by the ids of the seats that they are to have. */
  private final Map<String, Return> returns = new HashMap<>();

  /** The members that are to leave, which the other nodes are yet to agree to, and why. */
  private final Map<Member, EndReason> givenUp = new LinkedHashMap<>();

  private boolean isGivingUp;

  /** About a channel that is yet to be created. */
  Accord(Channel channel, Ledger ledger, Identities identities) {
    this.channel = channel;
    this.ledger = ledger;
    this.identities = identities;
  }

  String node() {
    return identities.node();
  }

  /** For one that is yet to be admitted, by this node. */
  Seat newSeat(String clientId, byte @Nullable [] tokenHash) {
    return new Seat(identities.next(), clientId, Secrets.text(tokenHash), node());
  }

  /** Whether this node serves a member, or has served it last. */
  boolean isOfThisNode(Member member) {
    return member.seat().node().equals(node());
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    assert Thread.holdsLock(channel);
    return underWay.isEmpty() && waiting.isEmpty();
  }

  boolean isBorn() {
    assert Thread.holdsLock(channel);
    return isBorn;
  }

  /** It is in the ledger, in that version. */
  void stands(long newVersion) {
    assert Thread.holdsLock(channel);
    isBorn = true;
    version = newVersion;
  }

  void seated(Member member) {
    assert Thread.holdsLock(channel);
    seats.put(member.seat().id(), member);
  }

  void unseated(Member member) {
    assert Thread.holdsLock(channel);
    seats.remove(member.seat().id(), member);
    givenUp.remove(member);
  }

  /** Who has a seat; null where nobody has it any more. */
  @Nullable Member member(String seatId) {
    assert Thread.holdsLock(channel);
    return seats.get(seatId);
  }

  /** Somebody is to have that seat. */
  void awaits(Seat seat, Return back) {
    assert Thread.holdsLock(channel);
    returns.put(seat.id(), back);
  }

  /** Somebody has that seat, or is not to have it any more. */
  void awaitsNoMore(Seat seat) {
    assert Thread.holdsLock(channel);
    returns.remove(seat.id());
  }

  /**
   * Takes those of whose return it is not known what became of it, now that it can be known: the
   * caller has to propose them again.
   */
  List<Return> takeFailedReturns() {
    assert Thread.holdsLock(channel);
    return returns.isEmpty() || !ledger.isAvailable(channel.id())
        ? List.of()
        : returns.values().stream().filter(Return::takeFailure).toList();
  }

  /**
   * Nothing serves that member, and nobody waits for it any more: it is to leave, unless the other
   * nodes take it for gone already.
   */
  void giveUp(Member member, EndReason why) {
    assert Thread.holdsLock(channel);
    member.waitNoMore();
    if (channel.isMember(member)) {
      givenUp.putIfAbsent(member, why);
    }
  }

  boolean isGivenUp(Member member) {
    assert Thread.holdsLock(channel);
    return givenUp.containsKey(member);
  }

  /** That member is served: it is to stay. */
  void keep(Member member) {
    assert Thread.holdsLock(channel);
    givenUp.remove(member);
  }

  /** So are those whose node was taken for dead, and lives. */
  void keepThoseOfOtherNodes() {
    assert Thread.holdsLock(channel);
    givenUp.keySet().removeIf(channel::isSeenToElsewhere);
  }

  /**
   * Takes what the caller has to propose since members were given up: null where none were, and
   * where it is under way already.
   */
  @Nullable GivingUp takeGivingUp() {
    assert Thread.holdsLock(channel);
    if (givenUp.isEmpty() || isGivingUp) {
      return null;
    }
    isGivingUp = true;
    return new GivingUp(channel);
  }

  /** It has been decided; there may be cause for another. */
  void givingUpIsOver() {
    assert Thread.holdsLock(channel);
    isGivingUp = false;
  }

  /** Who is to leave, at most so many. */
  Map<Member, EndReason> givenUp(int atMost) {
    assert Thread.holdsLock(channel);
    Map<Member, EndReason> first = new LinkedHashMap<>();
    givenUp.entrySet().stream()
        .limit(atMost)
        .forEach(each -> first.put(each.getKey(), each.getValue()));
    return first;
  }

  /** Who is to have a seat that was given by the ledger. */
  Member owner(Seat seat) {
    assert Thread.holdsLock(channel);
    Return back = returns.get(seat.id());
    return back == null ? Member.of(seat) : back.comeBack();
  }

  /** A change has come back, perhaps of this node: gives what this node proposed by it. */
  @Nullable Proposal settle(String change, long newVersion) {
    stands(newVersion);
    return underWay.remove(change);
  }

  void propose(Proposal proposal) {
    if (proposal.isAboutMembers()) {
      synchronized (channel) {
        if (isTurnTaken) {
          waiting.add(proposal);
          return;
        }
        isTurnTaken = true;
      }
    }
    decide(proposal, false);
  }

  /**
   * Decides, and has the ledger enter what comes of it.
   *
   * @param isFresh whether the channel was brought up to date for it
   */
  private void decide(Proposal proposal, boolean isFresh) {
    Refusal refusal;
    Change change = null;
    synchronized (channel) {
      refusal = proposal.decide();
      if (refusal == null) {
        change = change(proposal.entries());
        underWay.put(change.id(), proposal);
      } else if (isFresh && proposal.isAboutMembers()) {
        // Its turn: so nothing is under way that makes a channel, which keeps nobody out till then.
        channel.retireIfNotBorn();
      }
    }
    if (refusal == null) {
      commit(proposal, Objects.requireNonNull(change));
    } else if (isFresh || channel.isPast() || isFinal(proposal, refusal)) {
      decline(proposal, refusal);
    } else {
      ledger.refresh(
          channel.id(),
          isKnown -> {
            if (isKnown) {
              decide(proposal, true);
            } else {
              fail(proposal);
            }
          });
    }
  }

  private static boolean isFinal(Proposal proposal, Refusal refusal) {
    return refusal == Refusal.SHUTTING_DOWN || !proposal.isToBeLookedUp(refusal);
  }

  private void commit(Proposal proposal, Change change) {
    ledger.commit(channel.id(), change, outcome -> took(proposal, change, outcome));
  }

  /** What it was asked for is refused. */
  private void decline(Proposal proposal, Refusal why) {
    try {
      channel.decline(proposal, why);
    } finally {
      passOn(proposal);
    }
  }

  /** It is not known what has become of it, or could have. */
  private void fail(Proposal proposal) {
    try {
      proposal.refused(Refusal.STORE_UNAVAILABLE);
    } finally {
      passOn(proposal);
    }
  }

  private Change change(List<Entry> entries) {
    Change.Creation creation = isBorn ? null : new Change.Creation(channel.passwordText());
    return new Change(identities.next(), channel.log().epoch(), version, creation, entries);
  }

  private void took(Proposal proposal, Change change, Outcome outcome) {
    boolean isOpen;
    synchronized (channel) {
      isOpen = underWay.remove(change.id()) != null;
    }
    if (!isOpen) {
      passOn(proposal);
    } else if (outcome == Outcome.STALE) {
      if (change.creation() != null) {
        channel.retireIfNotBorn(); // Somebody else was faster: there is another life.
      }
      decide(proposal, false);
    } else { // Perhaps entered: what it came to, if anything, is found in the log later.
      fail(proposal);
    }
  }

  /** Refuses what waits. What is under way is the ledger's to answer: it may be entered. */
  void abandon() {
    List<Proposal> left;
    synchronized (channel) {
      left = List.copyOf(waiting);
      waiting.clear();
    }
    for (Proposal each : left) {
      try {
        each.refused(Refusal.SHUTTING_DOWN);
      } catch (Throwable e) {
        Failures.log(e, failure -> LOG.error("a refusal failed in {}", channel.id(), failure));
      }
    }
  }

  /** What waits next has its turn. */
  private void passOn(Proposal before) {
    if (!before.isAboutMembers()) {
      return;
    }
    Proposal next;
    synchronized (channel) {
      next = waiting.poll();
      isTurnTaken = next != null;
    }
    if (next != null) {
      // Elsewhere: with the ledger away they are all refused at once, one within the other.
      Handover.run(() -> decide(next, false), channel.executor());
    } else {
      channel.retireUnborn();
    }
  }
}
