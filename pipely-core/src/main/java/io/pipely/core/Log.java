package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Event;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one channel, numbered without gaps, bounded in bytes and in age. Not
 * synchronised: guarded by its channel's lock.
 */
final class Log {

  /** What an event costs beside its text; measured roughly, so that tiny events count too. */
  private static final int EVENT_OVERHEAD = 128;

  /** At most this much goes out in one batch, so that one write stays short. */
  static final int BATCH_BYTES = 64 << 10;

  /** Members that were busy come back at a few different places, seldom more. */
  private static final int RECENT_SLICES = 4;

  private static final int MIN_CAPACITY = 2;

  private final int keepBytes;

  /** A ring: the event numbered n is at n modulo the length, a power of two. */
  private @Nullable Event[] events = new @Nullable Event[MIN_CAPACITY];

  /** When the event was appended, in the ticker's nanoseconds, at the same index. */
  private long[] times = new long[MIN_CAPACITY];

  /** The number of the oldest event kept. */
  private long first;

  /** The number that the next event will have. */
  private long next;

  private long bytes;

  /** The events before this number are kept without the bytes that they were put into. */
  private long bare;

  /** The batches made last, so that members at one place share one; allocated when needed. */
  private @Nullable Slice @Nullable [] recent;

  private int nextRecent;

  Log(int keepBytes) {
    this.keepBytes = keepBytes;
  }

  long first() {
    return first;
  }

  long next() {
    return next;
  }

  /** Appends an event, and lets go of the oldest ones where it is too much; never of the newest. */
  void append(Event event, long now) {
    if (next - first == events.length) {
      resize(events.length * 2);
    }
    events[index(next)] = event;
    times[index(next)] = now;
    next++;
    bytes += weight(event);
    while (bytes > keepBytes && next - first > 1) {
      evictFirst();
    }
  }

  /** Lets go of what was appended before a time, and of the memory that a burst needed. */
  void evictBefore(long time) {
    recent = null;
    while (first < next && times[index(first)] - time < 0) {
      evictFirst();
    }
    if (first == next && events.length > MIN_CAPACITY) {
      resize(MIN_CAPACITY);
    }
  }

  /**
   * Lets go of the bytes that the events from before a time were put into: nearly all members have
   * them by then, and for one that has not they are made again.
   */
  void bareBefore(long time) {
    bare = Math.max(bare, first);
    while (bare < next && times[index(bare)] - time < 0) {
      events[index(bare)] = bare(event(bare));
      bare++;
    }
  }

  private static Event bare(Event event) {
    return Event.of(event.channelId(), event.type(), event.originId(), event.payload());
  }

  /** What follows from a number on, as far as one batch goes; the number must be kept. */
  Batch from(long number) {
    if (recent == null) {
      recent = new @Nullable Slice[RECENT_SLICES];
    }
    for (Slice slice : recent) {
      if (slice != null && slice.from == number && (slice.full || slice.to == next)) {
        return slice.batch;
      }
    }
    Slice made = slice(number);
    recent[nextRecent] = made;
    nextRecent = (nextRecent + 1) % RECENT_SLICES;
    return made.batch;
  }

  private Slice slice(long from) {
    long to = from + 1;
    long size = weight(event(from));
    boolean full = false;
    while (to < next && !full) {
      size += weight(event(to));
      full = size > BATCH_BYTES;
      if (!full) {
        to++;
      }
    }
    Event[] slice = new Event[(int) (to - from)];
    for (int i = 0; i < slice.length; i++) {
      slice[i] = event(from + i);
    }
    return new Slice(from, to, full, Batch.of(slice));
  }

  private void evictFirst() {
    bytes -= weight(event(first));
    events[index(first)] = null;
    first++;
  }

  @SuppressWarnings("NullAway") // Between first and next the ring is filled.
  private Event event(long number) {
    return events[index(number)];
  }

  private int index(long number) {
    return (int) number & (events.length - 1);
  }

  private void resize(int capacity) {
    @Nullable Event[] newEvents = new @Nullable Event[capacity];
    long[] newTimes = new long[capacity];
    for (long n = first; n < next; n++) {
      int to = (int) n & (capacity - 1);
      newEvents[to] = events[index(n)];
      newTimes[to] = times[index(n)];
    }
    events = newEvents;
    times = newTimes;
  }

  private static int weight(Event event) {
    return EVENT_OVERHEAD
        + event.channelId().length()
        + event.type().length()
        + event.originId().length()
        + event.payload().length();
  }

  /**
   * A batch and where in the log it is; full where it ends for its size, not for want of events.
   */
  private record Slice(long from, long to, boolean full, Batch batch) {}
}
