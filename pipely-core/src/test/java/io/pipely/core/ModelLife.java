package io.pipely.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One life of a channel. Its events are all kept; {@code first} says which the hub still has. */
final class ModelLife {

  private final Model model;
  final String id;
  final String password;

  /** By folded id, in order of joining. */
  final Map<String, ModelMember> members = new LinkedHashMap<>();

  private final List<ModelEvent> events = new ArrayList<>();

  /** The number of the oldest event that is kept. */
  int first = 1;

  private long kept;

  /** Learned from the first event id; null until then. */
  String epoch;

  /** The newest event when time was let pass last. */
  int newestAtSweep;

  ModelLife(Model model, String id, String password) {
    this.model = model;
    this.id = id;
    this.password = password;
  }

  /** The number of the newest event; 0 where there is none. */
  int newest() {
    return events.size();
  }

  ModelEvent event(int number) {
    return events.get(number - 1);
  }

  List<String> ids() {
    return members.values().stream().map(member -> member.clientId).toList();
  }

  ModelEvent append(ModelEvent event) {
    events.add(event);
    kept += event.weight;
    while (kept > model.options.keepBytes() && first < newest()) {
      forgetFirst();
    }
    return event;
  }

  void forgetBefore(long time) {
    newestAtSweep = newest();
    while (first <= newest() && event(first).time - time < 0) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    kept -= event(first++).weight;
  }

  /** Whether an event id is that of a number. */
  boolean isId(String eventId, int number) {
    if (eventId == null) {
      return false;
    }
    if (epoch == null && eventId.matches("[0-9a-z]+-[0-9]+")) {
      epoch = eventId.substring(0, eventId.indexOf('-'));
      if (!model.epochs.add(epoch)) {
        model.faults.add(id + ": epoch " + epoch + " for a second time");
      }
    }
    return eventId.equals(epoch + "-" + number);
  }

  /** The number in an event id. */
  static long number(String eventId) {
    return Long.parseLong(eventId.substring(eventId.indexOf('-') + 1));
  }

  /** The newest so many published events of those kept that a member may see, in order. */
  List<ModelEvent> history(int count, int newest, ModelMember member) {
    List<ModelEvent> history = new ArrayList<>();
    for (int n = newest; n >= first && history.size() < count; n--) {
      if (!event(n).isPresence() && event(n).isFor(member, false)) {
        history.add(0, event(n));
      }
    }
    return history;
  }

  /** Why a stream cannot go on from an event id, or null where it can. */
  String gapAfter(String lastEventId, int newest) {
    if (!lastEventId.matches("[0-9A-Za-z]+-(0|[1-9][0-9]{0,17})")) {
      return "invalid";
    }
    if (!lastEventId.substring(0, lastEventId.indexOf('-')).equals(epoch)) {
      return "epoch";
    }
    long number = number(lastEventId);
    if (number > newest) {
      return "invalid";
    }
    return number + 1 < first ? "evicted" : null;
  }
}
