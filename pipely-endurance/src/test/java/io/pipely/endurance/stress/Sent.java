package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Events;
import java.util.List;
import java.util.Optional;

/** A publication, and what is known of what became of it. Thread-safe. */
final class Sent {

  /** What became of it. */
  enum Fate {
    /** The answer was lost, so it may have been published or not. */
    UNKNOWN,
    /** As the answer has it. */
    ACCEPTED,
    /** Refused, or not sent to its end. */
    NEVER
  }

  /** How the key begins of what is published in each channel when all is quiet. */
  static final String LAST = "last-";

  final String key;
  final Room room;
  final String origin;
  final String payload;

  /** Whom it is for; empty for all. */
  final List<String> to;

  final boolean isEcho;

  private Fate fate = Fate.UNKNOWN;
  private EventId id;
  private int recipients;

  Sent(String key, Room room, String origin, List<String> to, boolean isEcho, String padding) {
    this.key = key;
    this.room = room;
    this.origin = origin;
    this.to = List.copyOf(to);
    this.isEcho = isEcho;
    this.payload = "{\"key\":\"" + key + "\",\"text\":\"" + padding + "\"}";
  }

  /** What is sent. */
  String body() {
    String body = Events.event(room.channelId(), "chat", origin, payload);
    if (!to.isEmpty()) {
      body = Events.with("to", Events.array(to.toArray(String[]::new)), body);
    }
    return isEcho ? body : Events.with("echo", "false", body);
  }

  /** What has to be received: of those whom it is for, it names the members. */
  String event(List<String> members) {
    String event = Events.event(room.channelId(), "chat", origin, payload);
    return to.isEmpty()
        ? event
        : Events.with("to", Events.array(members.toArray(String[]::new)), event);
  }

  /** Whether some members do not get it. */
  boolean isRestricted() {
    return !to.isEmpty() || !isEcho;
  }

  synchronized void accepted(EventId newId, int newRecipients) {
    fate = Fate.ACCEPTED;
    id = newId;
    recipients = newRecipients;
  }

  synchronized void never() {
    fate = Fate.NEVER;
  }

  synchronized Fate fate() {
    return fate;
  }

  /** Empty where it is not known. */
  synchronized Optional<EventId> id() {
    return Optional.ofNullable(id);
  }

  synchronized int recipients() {
    return recipients;
  }

  @Override
  public synchronized String toString() {
    return key
        + " of "
        + origin
        + " to "
        + (to.isEmpty() ? "all" : to)
        + ", echo "
        + isEcho
        + ", "
        + fate
        + " "
        + id;
  }
}
