package io.pipely;

import java.util.List;

/** Events that follow each other in a channel. Immutable, and shared by all who are handed it. */
public final class Batch extends Encodable {

  /** No event: a sign of life. */
  public static final Batch EMPTY = new Batch(new Event[0]);

  private final Event[] events;

  private Batch(Event[] events) {
    this.events = events;
  }

  public static Batch of(Event... events) {
    return new Batch(events.clone());
  }

  public static Batch of(List<Event> events) {
    return new Batch(events.toArray(Event[]::new));
  }

  /** How many events; zero for a sign of life. */
  public int size() {
    return events.length;
  }

  /**
   * The event at an index.
   *
   * @throws IndexOutOfBoundsException where the index is not in 0 to size - 1
   */
  public Event event(int index) {
    return events[index];
  }

  /** Where there is one event, the batch is that event's bytes, not a copy of them. */
  @Override
  <T> T make(Encoding<T> encoding) {
    return events.length == 1 ? events[0].as(encoding) : encoding.join(this);
  }
}
