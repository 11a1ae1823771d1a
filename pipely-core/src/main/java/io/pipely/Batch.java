package io.pipely;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Events that follow each other in a channel. Immutable, and shared by all who are handed it. */
public final class Batch extends Encodable {

  /** No event: a sign of life. */
  public static final Batch EMPTY = new Batch(new Event[0], null);

  private final Event[] events;
  private final @Nullable String id;

  private Batch(Event[] events, @Nullable String id) {
    this.events = events;
    this.id = id;
  }

  public static Batch of(Event... events) {
    return new Batch(events.clone(), null);
  }

  public static Batch of(List<Event> events) {
    return new Batch(events.toArray(Event[]::new), null);
  }

  /** No event, but a place to go on from: what came since the last batch was for others. */
  public static Batch passedOver(String id) {
    return new Batch(new Event[0], Objects.requireNonNull(id, "id"));
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

  /**
   * The {@link Event#id} to go on from after this batch; null where it is the same as before it.
   */
  public @Nullable String id() {
    for (int i = events.length - 1; i >= 0; i--) {
      String eventId = events[i].id();
      if (eventId != null) {
        return eventId;
      }
    }
    return id;
  }

  /** Where there is one event, the batch is that event's bytes, not a copy of them. */
  @Override
  <T> T make(Encoding<T> encoding) {
    return events.length == 1 ? events[0].as(encoding) : encoding.join(this);
  }
}
