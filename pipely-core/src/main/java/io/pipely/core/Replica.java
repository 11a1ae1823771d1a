package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.spi.Entry;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries out on this node's channel what all nodes see happen to it, this node's own proposals
 * among that. To be called by one thread at a time; what is decided under the channel's lock is
 * acted upon after it.
 */
final class Replica {

  private final Channel channel;
  private final Accord accord;

  // What is to be done after the lock was let go of:

  private final List<Attachment> ended = new ArrayList<>();
  private final List<Member> returning = new ArrayList<>();
  private final List<Return> again = new ArrayList<>();
  private boolean claimed;
  private boolean hasAbandoned;

  /** For one call. */
  Replica(Channel channel) {
    this.channel = channel;
    this.accord = channel.accord();
  }

  /** What a change has brought. */
  void append(String change, long version, List<Entry> entries) {
    Proposal own;
    synchronized (channel) {
      own = accord.settle(change, version);
      if (own != null) {
        own.apply();
      } else {
        entries.forEach(this::apply);
        claimed = !channel.isRetired() && channel.fanOut().claim();
      }
    }
    if (own != null) {
      own.applied();
    } else {
      follow();
    }
    if (hasAbandoned) {
      new Replica(channel).tend();
    }
  }

  private void apply(Entry entry) {
    if (entry instanceof Entry.Joined joined) {
      channel.hub().isAlive(joined.seat().node());
      Member member = accord.owner(joined.seat());
      channel.seat(member);
      // Its client was told that it is not known what became of it, and comes again.
      hasAbandoned |= channel.isServedHere(member) && member.isAbandoned();
    } else if (entry instanceof Entry.Moved moved) {
      Member member = Objects.requireNonNull(accord.member(moved.seatId()));
      if (member.attachment() != null) {
        channel.hub().notices().takenOver(channel.id(), member);
        detach(member, EndReason.REPLACED);
      }
      channel.hub().isAlive(moved.node());
      channel.move(member, moved.node());
    } else if (entry instanceof Entry.Left left) {
      leave(Objects.requireNonNull(accord.member(left.seatId())), left.why());
    } else if (entry instanceof Entry.Published published) {
      Audience audience = audience(published, accord::member);
      channel.log().append(event(published), audience, channel.now());
      if (audience instanceof Audience.Only only) {
        channel.direct(only, new LinkedHashSet<>());
      }
    }
  }

  /** Another node has had a member leave, or has given it up though it may be served here. */
  private void leave(Member member, EndReason why) {
    if (member.attachment() != null && why != EndReason.LEFT) {
      returning.add(member);
    } else if (member.attachment() != null) {
      channel.hub().notices().left(channel.id(), member, why);
      detach(member, why);
    }
    channel.take(member);
    if (channel.members().isEmpty()) {
      ended.addAll(channel.detachAll());
      channel.retire();
    } else {
      Event event = BuiltIn.disconnect(channel.id(), member.clientId());
      channel.log().append(event, member.presence(), channel.now());
    }
  }

  private void detach(Member member, EndReason why) {
    Attachment attachment = channel.detach(member, why);
    if (attachment != null) {
      ended.add(attachment);
    }
  }

  private Event event(Entry.Published published) {
    Event event =
        Event.of(channel.id(), published.type(), published.originId(), published.payload());
    return published.to().isEmpty() ? event : event.to(published.to());
  }

  /** The channel, of which nothing is known here yet, is like this. */
  void begin(Snapshot snapshot) {
    synchronized (channel) {
      adoptState(snapshot);
    }
  }

  /**
   * The channel is like this, whatever it was: the streams that there are go on from here, and are
   * told so. False where this is another life of the channel.
   */
  boolean adopt(Snapshot snapshot) {
    synchronized (channel) {
      boolean isSame = channel.log().epoch().equals(snapshot.epoch());
      if (channel.isRetired() || !(isSame || isRestored(snapshot))) {
        return false;
      }
      adoptState(snapshot);
      resynchronise(isSame ? GapReason.EVICTED : GapReason.EPOCH);
      claimed = channel.fanOut().claim();
    }
    follow();
    return true;
  }

  /** Whether it is this channel under another epoch, and not one that has nothing but its id. */
  private boolean isRestored(Snapshot snapshot) {
    return accord.isBorn()
        && Objects.equals(channel.passwordText(), snapshot.passwordHash())
        && snapshot.seats().stream().anyMatch(seat -> accord.member(seat.id()) != null);
  }

  private void adoptState(Snapshot snapshot) {
    accord.stands(snapshot.version());
    adoptLog(snapshot, adoptMembers(snapshot.seats()));
  }

  /** Gives them by the ids of their seats. */
  private Map<String, Member> adoptMembers(List<Seat> seats) {
    Map<String, Member> members = new LinkedHashMap<>();
    for (Seat seat : seats) {
      Member known = accord.member(seat.id());
      members.put(seat.id(), known == null ? accord.owner(seat) : known);
    }
    for (Member member : channel.members()) {
      if (member.attachment() != null && !members.containsKey(member.seat().id())) {
        returning.add(member);
      }
    }
    channel.replaceMembers(members.values());
    for (Seat seat : seats) {
      Member member = Objects.requireNonNull(members.get(seat.id()));
      if (!seat.node().equals(member.seat().node())) {
        detach(member, EndReason.REPLACED);
        channel.serveAt(member, seat.node());
      }
    }
    return members;
  }

  /** Those whom its events name need not be members any more. */
  private void adoptLog(Snapshot snapshot, Map<String, Member> members) {
    Log log = channel.log();
    long now = channel.now();
    log.goOnAt(snapshot.epoch(), snapshot.last() + 1 - snapshot.log().size());
    Map<String, Member> known = new HashMap<>(members);
    for (Entry entry : snapshot.log()) {
      if (entry instanceof Entry.Joined joined) {
        Member member = known.computeIfAbsent(joined.seat().id(), id -> Member.of(joined.seat()));
        log.append(BuiltIn.connect(channel.id(), member.clientId()), member.presence(), now);
      } else if (entry instanceof Entry.Moved) {
        log.append(BuiltIn.hidden(channel.id()), Audience.NOBODY, now);
      } else if (entry instanceof Entry.Left left) {
        Member member = known.computeIfAbsent(left.seatId(), id -> gone(left));
        log.append(BuiltIn.disconnect(channel.id(), left.clientId()), member.presence(), now);
      } else if (entry instanceof Entry.Published published) {
        log.append(event(published), audience(published, known::get), now);
      }
    }
  }

  private static Member gone(Entry.Left left) {
    return Member.of(new Seat(left.seatId(), left.clientId(), null, ""));
  }

  /**
   * Whom an event is for.
   *
   * @param bySeat who has a seat, or had it; null where that is not known
   */
  private static Audience audience(
      Entry.Published published, Function<String, @Nullable Member> bySeat) {
    Set<String> only = published.only();
    if (only != null) {
      return new Audience.Only(
          only.stream().map(bySeat).filter(Objects::nonNull).collect(Collectors.toSet()));
    }
    Member except = published.except() == null ? null : bySeat.apply(published.except());
    return except == null ? Audience.EVERYBODY : new Audience.Others(except);
  }

  private void resynchronise(GapReason reason) {
    long next = channel.log().next();
    for (Attachment attachment : channel.fanOut().members()) {
      attachment.begin(next, next - 1, channel.resynchronisation(attachment, reason));
    }
  }

  /** The channel is no more: whom it served has to create it anew. */
  void end() {
    synchronized (channel) {
      if (channel.isRetired() || !accord.isBorn()) {
        return;
      }
      ended.addAll(channel.detachAll());
      List.copyOf(channel.members()).forEach(channel::take);
      channel.retire();
    }
    follow();
  }

  /**
   * Sees to the members that nothing serves, of this node and of those that are dead: they get
   * their grace, and are given up after it. And to those of this node whose return has failed.
   * Those of other nodes are left to them.
   */
  void tend() {
    synchronized (channel) {
      if (channel.isRetired() || channel.isClosing()) {
        return;
      }
      for (Member member : channel.members()) {
        if (channel.isSeenToElsewhere(member)) {
          member.waitNoMore(); // Its node was taken for dead, and lives.
        } else if (member.isAbandoned()) {
          tend(member);
        }
      }
      again.addAll(accord.takeFailedReturns());
    }
    channel.proposeGivingUp();
    follow();
  }

  private void tend(Member member) {
    Graces graces = channel.hub().graces();
    if (member.hasToken() && graces.areGiven() && !accord.isGivenUp(member)) {
      long now = channel.now();
      member.lost(now);
      graces.add(channel, member, now);
    } else {
      accord.giveUp(member, EndReason.LOST);
    }
  }

  private void follow() {
    ended.forEach(Attachment::tellEnd);
    for (Member member : returning) {
      Seat seat = accord.newSeat(member.clientId(), member.tokenHash());
      channel.propose(new Return(channel, member, seat));
    }
    again.forEach(channel::propose);
    if (claimed) {
      channel.fanOut().runHereIfShort();
    }
  }

  /** Whether nobody here has anything to do with the channel. */
  static boolean isIdle(Channel channel) {
    synchronized (channel) {
      return channel.fanOut().members().isEmpty()
          && channel.accord().isIdle()
          && channel.members().stream()
              .allMatch(member -> channel.isSeenToElsewhere(member) && !member.isWaitedFor());
    }
  }
}
