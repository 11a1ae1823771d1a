package io.pipely.endurance.stress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One life of a channel, put together from all that its members received and its publishers were
 * answered: each event by its number, and who was there after it.
 */
final class Life {

  /** As the log reckons: an event's overhead, and that of one whom it is directed to. */
  private static final int OVERHEAD = 128;

  private static final int RECIPIENT_OVERHEAD = 32;

  /** A number that nobody knows anything of may be of an event as large as any here. */
  private static final int UNKNOWN_WEIGHT = 64 << 10;

  private final Room room;
  private final String epoch;
  private final Faults faults;

  /** What was received, by number. */
  private final NavigableMap<Long, Fact> facts = new TreeMap<>();

  /** What was published, by number. */
  private final Map<Long, Sent> published = new TreeMap<>();

  /** Who was there, from a number on, in order of joining, each with the number of its CONNECT. */
  private final NavigableMap<Long, Map<String, Long>> members = new TreeMap<>();

  private long newest;

  /** The first number of which nothing is known. */
  private long firstUnknown;

  private final Set<Long> passedOver = new HashSet<>();

  Life(Room room, String epoch, Faults faults) {
    this.room = room;
    this.epoch = epoch;
    this.faults = faults;
  }

  /** Somebody received an event, which has to be the same as everybody else's. */
  void received(long number, Fact fact) {
    Fact before = facts.putIfAbsent(number, fact);
    faults.unless(
        before == null || before.text().equals(fact.text()),
        () -> this + " " + number + ": " + before.text() + " and " + fact.text());
    newest = Math.max(newest, number);
  }

  /** Somebody was answered that it is a number's. */
  void accepted(long number, Sent sent) {
    Sent before = published.putIfAbsent(number, sent);
    faults.unless(before == null || before == sent, () -> this + ": " + before + " and " + sent);
    newest = Math.max(newest, number);
  }

  /** Everything has been told: sees whether it fits together. */
  void conclude(Ledger ledger, Set<String> seen) {
    Map<String, Long> present = new LinkedHashMap<>();
    members.put(0L, present);
    firstUnknown = newest + 1;
    for (long n = 1; n <= newest; n++) {
      Fact fact = facts.get(n);
      if (fact != null && !fact.isPresence()) {
        check(n, fact, ledger, seen);
      }
      if (fact == null && !published.containsKey(n)) {
        firstUnknown = Math.min(firstUnknown, n);
      } else if (fact != null && fact.isPresence()) {
        present = after(n, fact, present);
        members.put(n, present);
      } else {
        checkRecipients(n, present);
      }
    }
  }

  private void check(long number, Fact fact, Ledger ledger, Set<String> seen) {
    Optional<Sent> found = ledger.find(fact.key());
    if (found.isEmpty()) {
      faults.add(this + " " + number + ", published by nobody: " + fact.text());
      return;
    }
    Sent sent = found.get();
    accepted(number, sent);
    faults.unless(
        sent.event(fact.to()).equals(fact.text()),
        () -> this + " " + number + ", not as sent: " + fact.text());
    faults.unless(seen.add(sent.key), () -> this + " " + number + ", for a second time: " + sent);
    faults.unless(
        sent.fate() != Sent.Fate.NEVER, () -> this + " " + number + ", not accepted: " + sent);
    faults.unless(
        sent.id().isEmpty() || sent.id().get().toString().equals(epoch + "-" + number),
        () -> this + " " + number + ", answered otherwise: " + sent);
  }

  private Map<String, Long> after(long number, Fact fact, Map<String, Long> before) {
    Map<String, Long> present = new LinkedHashMap<>(before);
    if (fact.is("CONNECT")) {
      Long already = present.remove(fact.origin());
      faults.unless(
          already == null || !isKnown(number), () -> this + " " + number + ", was there: " + fact);
      present.put(fact.origin(), number);
    } else {
      Long already = present.remove(fact.origin());
      faults.unless(
          already != null || !isKnown(number), () -> this + " " + number + ", not there: " + fact);
    }
    return present;
  }

  private void checkRecipients(long number, Map<String, Long> present) {
    Sent sent = published.get(number);
    if (!isKnown(number)) {
      return;
    }
    List<String> to = new ArrayList<>(sent.to.isEmpty() ? present.keySet() : sent.to);
    to.removeIf(id -> !present.containsKey(id));
    Fact fact = facts.get(number);
    faults.unless(
        fact == null || sent.to.isEmpty() || fact.to().equals(to),
        () -> this + " " + number + ", not to " + to + ": " + fact);
    if (!sent.isEcho) {
      to.remove(sent.origin);
    }
    faults.unless(
        sent.fate() != Sent.Fate.ACCEPTED || sent.recipients() == to.size(),
        () -> this + " " + number + ", for " + to + ", answered " + sent.recipients());
  }

  /** Whether all events up to and with a number are known. */
  boolean isKnown(long number) {
    return number < firstUnknown;
  }

  Optional<Fact> fact(long number) {
    return Optional.ofNullable(facts.get(number));
  }

  /** What is known to be published with that number. */
  Optional<Sent> published(long number) {
    return Optional.ofNullable(published.get(number));
  }

  Room room() {
    return room;
  }

  String epoch() {
    return epoch;
  }

  long newest() {
    return newest;
  }

  /** Who was there after an event, in order of joining. */
  List<String> membersAt(long number) {
    return List.copyOf(members.floorEntry(number).getValue().keySet());
  }

  /** The number of the newest CONNECT of a client up to a number; 0 where there is none. */
  long lastConnect(String clientId, long upTo) {
    for (Map.Entry<Long, Fact> entry : facts.headMap(upTo, true).descendingMap().entrySet()) {
      if (entry.getValue().is("CONNECT") && entry.getValue().origin().equals(clientId)) {
        return entry.getKey();
      }
    }
    return 0;
  }

  /** Whether a client joined anew after a number. */
  boolean isConnectedAfter(String clientId, long number) {
    return facts.tailMap(number, false).values().stream()
        .anyMatch(fact -> fact.is("CONNECT") && fact.origin().equals(clientId));
  }

  /** What the log reckons for the events of a range, both ends included; or more. */
  long weight(long from, long to) {
    long weight = 0;
    for (long n = from; n <= to; n++) {
      weight += weight(n);
    }
    return weight;
  }

  private long weight(long number) {
    Sent sent = published.get(number);
    if (sent != null) {
      int recipients = sent.to.stream().mapToInt(id -> RECIPIENT_OVERHEAD + id.length()).sum();
      return weight("chat", sent.origin, sent.payload.length()) + recipients;
    }
    Fact fact = facts.get(number);
    return fact == null ? UNKNOWN_WEIGHT : weight(fact.type(), fact.origin(), "null".length());
  }

  private long weight(String type, String origin, int payload) {
    return (long) OVERHEAD + room.channelId().length() + type.length() + origin.length() + payload;
  }

  /** A number was passed over by a stream that is told of all who come and go. */
  void passedOverUnknown(long number) {
    passedOver.add(number);
  }

  /** Those that can only be publications whose answers were lost. */
  int passedOver() {
    return passedOver.size();
  }

  @Override
  public String toString() {
    return room.channelId() + " " + epoch;
  }
}
