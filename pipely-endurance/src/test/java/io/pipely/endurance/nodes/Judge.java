package io.pipely.endurance.nodes;

import io.pipely.contract.EventId;
import io.pipely.contract.Events;
import io.pipely.contract.Frames;
import io.pipely.contract.SseClient;
import io.pipely.endurance.stress.Fact;
import io.pipely.endurance.stress.Faults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges what the members of one channel have received: all of them the same events under the same
 * ids, each once and in order, and none missing but where GAP said so.
 */
final class Judge {

  private final List<Guest> guests;
  private final Faults faults;

  /** By epoch and number: what anybody has received, or was told to be accepted. */
  private final Map<String, NavigableMap<Long, String>> lives = new HashMap<>();

  private int gaps;

  /**
   * Of one channel.
   *
   * @param accepted by the events' texts
   */
  Judge(List<Guest> guests, Map<String, EventId> accepted, Faults faults) {
    this.guests = guests;
    this.faults = faults;
    accepted.forEach((event, id) -> learn(event, id, "its publisher"));
    for (Guest guest : guests) {
      for (SseClient stream : guest.streams()) {
        stream.frames().forEach(frame -> learn(frame, guest));
      }
    }
    Map<String, EventId> chats = new HashMap<>();
    lives.forEach(
        (epoch, life) ->
            life.forEach(
                (number, event) -> {
                  EventId id = new EventId(epoch, number);
                  EventId before = event.contains("\"chat\"") ? chats.putIfAbsent(event, id) : null;
                  faults.unless(before == null, () -> event + " is there as " + before + ", " + id);
                }));
  }

  private void learn(List<String> frame, Guest guest) {
    Optional<String> event = Frames.event(frame).filter(Judge::isOfLog);
    Optional<EventId> id = Frames.id(frame);
    if (event.isPresent() && id.isPresent()) {
      learn(event.get(), id.get(), guest.toString());
    }
  }

  private void learn(String event, EventId id, String by) {
    NavigableMap<Long, String> life = lives.computeIfAbsent(id.epoch(), epoch -> new TreeMap<>());
    String known = life.putIfAbsent(id.number(), event);
    faults.unless(
        known == null || known.equals(event),
        () -> id + " is " + event + " for " + by + ", and " + known + " for others");
  }

  private static boolean isOfLog(String event) {
    Fact fact = Fact.of(event);
    return !fact.is("CLIENT_LIST") && !fact.is("GAP") && !fact.is("REPLACED");
  }

  /** How often somebody was told that something is missing. */
  int gaps() {
    return gaps;
  }

  /** How often a member was told to have gone. */
  long departures(String channelId, String clientId) {
    String event = Events.event(channelId, "DISCONNECT", clientId, "null");
    return lives.values().stream()
        .flatMap(life -> life.values().stream())
        .filter(event::equals)
        .count();
  }

  void judge() {
    guests.forEach(this::judge);
  }

  private void judge(Guest guest) {
    EventId place = null;
    for (SseClient stream : guest.streams()) {
      boolean hasBegun = false;
      for (List<String> frame : stream.frames()) {
        Optional<Fact> fact = Frames.event(frame).map(Fact::of);
        if (fact.isPresent() && !hasBegun) {
          faults.unless(fact.get().is("CLIENT_LIST"), () -> guest + " began with " + frame);
          hasBegun = true;
        }
        place = next(guest, place, fact, Frames.id(frame).orElse(null), frame);
      }
    }
  }

  /** Where the guest is after a frame. */
  private EventId next(
      Guest guest, EventId place, Optional<Fact> fact, EventId id, List<String> frame) {
    if (id == null) {
      return place;
    }
    if (fact.isPresent() && fact.get().is("GAP")) {
      gaps++;
      return id;
    }
    if (place == null || (fact.isPresent() && fact.get().is("CLIENT_LIST"))) {
      return place == null ? id : place; // A list is followed by GAP, or begins a membership.
    }
    boolean isInOrder =
        id.epoch().equals(place.epoch())
            && (id.number() > place.number() || (fact.isEmpty() && id.number() == place.number()));
    EventId before = place;
    faults.unless(isInOrder, () -> guest + " got " + frame + " after " + before);
    if (isInOrder) {
      requireNothingBetween(guest, place, id, fact.isPresent());
    }
    return id;
  }

  private void requireNothingBetween(Guest guest, EventId from, EventId to, boolean isEvent) {
    NavigableMap<Long, String> life = lives.getOrDefault(to.epoch(), new TreeMap<>());
    Map<Long, String> missed = life.subMap(from.number(), false, to.number(), !isEvent);
    faults.unless(
        missed.isEmpty(), () -> guest + " got " + to + " after " + from + " without " + missed);
  }
}
