package io.pipely.endurance.nodes;

import io.pipely.contract.EventId;
import io.pipely.contract.Events;
import io.pipely.contract.SseClient;
import io.pipely.endurance.stress.Faults;
import io.pipely.endurance.stress.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Judges what the members of one channel have received: all of them the same events under the same
 * ids, each once and in order, and none missing but where GAP said so, which is said no more often
 * than there was cause.
 */
final class Judge {

  private final List<Guest> guests;
  private final int losses;
  private final Faults faults;

  /** By epoch and number: what anybody has received, or was told to be accepted. */
  private final Map<String, NavigableMap<Long, String>> lives = new HashMap<>();

  private int gaps;

  /**
   * Of one channel.
   *
   * @param accepted by the events' texts
   * @param losses how often the log was lost: as many GAPs anybody may have been told of
   */
  Judge(List<Guest> guests, Map<String, EventId> accepted, int losses, Faults faults) {
    this.guests = guests;
    this.losses = losses;
    this.faults = faults;
    accepted.forEach((event, id) -> learn(event, id, "its publisher"));
    for (Guest guest : guests) {
      for (SseClient stream : guest.streams()) {
        Item.of(stream.frames()).forEach(item -> learn(item, guest));
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

  private void learn(Item item, Guest guest) {
    if (item.isOfLog() && item.id().isPresent()) {
      learn(item.fact().orElseThrow().text(), item.id().get(), guest.toString());
    }
  }

  private void learn(String event, EventId id, String by) {
    NavigableMap<Long, String> life = lives.computeIfAbsent(id.epoch(), epoch -> new TreeMap<>());
    String known = life.putIfAbsent(id.number(), event);
    faults.unless(
        known == null || known.equals(event),
        () -> id + " is " + event + " for " + by + ", and " + known + " for others");
  }

  /** How often somebody was told that something is missing. */
  int gaps() {
    return gaps;
  }

  /**
   * Where a member was told to have gone for good. It may have gone before, and come again: who is
   * not answered in time while it comes is taken out again.
   */
  List<EventId> departures(String channelId, String clientId) {
    String gone = Events.event(channelId, "DISCONNECT", clientId, "null");
    String come = Events.event(channelId, "CONNECT", clientId, "null");
    List<EventId> ids = new ArrayList<>();
    lives.forEach(
        (epoch, life) -> {
          List<EventId> own = new ArrayList<>();
          life.forEach(
              (number, event) -> {
                if (event.equals(gone)) {
                  own.add(new EventId(epoch, number));
                } else if (event.equals(come)) {
                  own.clear();
                }
              });
          ids.addAll(own);
        });
    return ids;
  }

  void judge() {
    guests.forEach(this::judge);
  }

  private void judge(Guest guest) {
    int before = gaps;
    EventId place = null;
    for (SseClient stream : guest.streams()) {
      boolean hasBegun = false;
      for (Item item : Item.of(stream.frames())) {
        if (item.fact().isPresent() && !hasBegun) {
          faults.unless(item.is("CLIENT_LIST"), () -> guest + " began with " + item);
          hasBegun = true;
        }
        place = next(guest, place, item);
      }
    }
    int own = gaps - before;
    faults.unless(own <= losses, () -> guest + " was told of " + own + " gaps");
  }

  /** Where the guest is after an item. */
  private EventId next(Guest guest, EventId place, Item item) {
    EventId id = item.id().orElse(null);
    if (id == null) {
      return place;
    }
    if (item.is("GAP")) {
      gaps++;
      return id;
    }
    if (place == null) {
      return id;
    }
    if (item.is("CLIENT_LIST")) {
      return place; // It is followed by GAP, or begins a membership.
    }
    boolean isEvent = item.fact().isPresent();
    boolean isInOrder =
        id.epoch().equals(place.epoch())
            && (id.number() > place.number() || (!isEvent && id.number() == place.number()));
    faults.unless(isInOrder, () -> guest + " got " + item + " after " + place);
    if (isInOrder) {
      requireNothingBetween(guest, place, id, isEvent);
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
