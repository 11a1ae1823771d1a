package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Event;
import io.pipely.spi.Epochs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one channel, numbered without gaps, bounded in bytes and in age. Not
 * synchronised: guarded by its channel's lock.
 */
final class Log {

  /** Who reads, and may not see everything. */
  interface Reader {

    /** The one question what a reader may receive of what is in the log. */
    boolean maySee(long number, Audience audience);

    /** Whether it is told of all who come and go, in what is in the log from a number on. */
    boolean seesPresenceFrom(long number);
  }

  /** What an event costs beside its text; measured roughly, so that tiny events count too. */
  private static final int EVENT_OVERHEAD = 128;

  /** And one of those whom it is directed to. */
  private static final int RECIPIENT_OVERHEAD = 32;

  /** At most this much goes out in one batch, so that one write stays short. */
  static final int BATCH_BYTES = 64 << 10;

  /** Members that were busy come back at a few different places, seldom more. */
  private static final int RECENT_SLICES = 4;

  private static final int MIN_CAPACITY = 2;

  private final int keepBytes;
  private final Budget budget;

  /** Which life of the channel this is: short, since it is a part of every frame. */
  private String epoch;

  /** A ring: the event numbered n is at n modulo the length, a power of two. */
  private @Nullable Event[] events = new @Nullable Event[MIN_CAPACITY];

  /** When the event was appended, in the ticker's nanoseconds, at the same index. */
  private long[] times = new long[MIN_CAPACITY];

  /** Whom the event is for, at the same index. */
  private @Nullable Audience[] audiences = new @Nullable Audience[MIN_CAPACITY];

  /** The number of the oldest event kept. */
  private long first = 1;

  /** The number that the next event will have; the first one has 1. */
  private long next = 1;

  /** The number of the newest event that is not for everybody who wants to see all there is. */
  private long restricted;

  /** The newest event that is no longer kept and was not for a few alone; or 0. */
  private long evictedOpen;

  /** Where the newest quarter of what may be kept begins, and how much came since. */
  private long mark = 1;

  private long sinceMark;

  private long bytes;

  /** The events before this number are kept without the bytes that they were put into. */
  private long bare;

  /** The batches made last, so that members at one place share one; allocated when needed. */
  private @Nullable Slice @Nullable [] recent;

  private int nextRecent;

  Log(int keepBytes, Budget budget) {
    this.keepBytes = keepBytes;
    this.budget = budget;
    this.epoch = Epochs.next();
  }

  String epoch() {
    return epoch;
  }

  /** The {@link Event#id} of a number. */
  String id(long number) {
    return epoch + '-' + number;
  }

  long first() {
    return first;
  }

  long next() {
    return next;
  }

  /**
   * Where the quarter of what may be kept began that was last filled: who was told nothing since is
   * to be told where it is now, before it would seem to have been left behind.
   */
  long mark() {
    return mark;
  }

  /**
   * Up to where what is no longer kept has been for more than a few: what is gone and newer was for
   * those alone whom it was directed to.
   */
  long evictedOpen() {
    return evictedOpen;
  }

  /**
   * Appends an event, and lets go of the oldest ones where it is too much; never of the newest.
   * Gives it as it is kept, with its place.
   */
  Event append(Event draft, Audience audience, long now) {
    Event event = draft.at(epoch, next);
    if (next - first == events.length) {
      resize(events.length * 2);
    }
    events[index(next)] = event;
    audiences[index(next)] = audience;
    times[index(next)] = now;
    if (audience instanceof Audience.Only || audience instanceof Audience.Others) {
      restricted = next;
    }
    next++;
    int weight = weight(event);
    bytes += weight;
    sinceMark += weight;
    if (sinceMark > keepBytes / 4) {
      mark = next;
      sinceMark = 0;
    }
    boolean isOver = budget.add(weight);
    while ((bytes > keepBytes || isOver) && next - first > 1) {
      isOver = evictFirst();
    }
    return event;
  }

  /** Lets go of everything: nobody will read it. */
  void clear() {
    budget.add(-bytes);
    bytes = 0;
    first = next;
    recent = null;
    resize(MIN_CAPACITY);
  }

  /**
   * Lets go of everything, and goes on elsewhere, with what came between missing.
   *
   * @param newNext the number that the next event will have
   */
  void goOnAt(String newEpoch, long newNext) {
    clear();
    epoch = newEpoch;
    first = newNext;
    next = newNext;
    mark = newNext;
    sinceMark = 0;
    restricted = 0;
    evictedOpen = newNext - 1;
    bare = newNext;
  }

  /** Lets go of what was appended before a time, and of the memory that a burst needed. */
  void evictBefore(long time) {
    recent = null;
    while (first < next && times[index(first)] - time < 0) {
      boolean unused = evictFirst();
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
      events[index(bare)] = bare(bare);
      bare++;
    }
  }

  /** The same number and all, but a new object. */
  private Event bare(long number) {
    return event(number).at(epoch, number);
  }

  /** Whether an event is no longer kept, or is from before a time. */
  boolean isOlder(long number, long time) {
    return number < first || times[index(number)] - time < 0;
  }

  /**
   * The number of the first event from a number on that a stream may see; the number must be kept.
   */
  long skip(long number, Reader reader) {
    long n = number;
    while (n < next && !reader.maySee(n, audience(n))) {
      n++;
    }
    return n;
  }

  /**
   * Where a stream has to begin in order to see the newest so many events from before a number, or
   * as many as are kept.
   */
  long back(int count, long before, Reader reader) {
    long start = before;
    int found = 0;
    for (long n = before - 1; n >= first && found < count; n--) {
      if (reader.maySee(n, audience(n))) {
        start = n;
        found++;
      }
    }
    return start;
  }

  /**
   * What follows from a number on that a stream may see, as far as one batch goes.
   *
   * @param number must be kept, and be one that the stream may see
   */
  Slice from(long number, Reader reader) {
    if (recent == null) {
      recent = new @Nullable Slice[RECENT_SLICES];
    }
    boolean isWhole = seesAll(reader, number);
    for (Slice slice : recent) {
      if (slice != null
          && slice.from == number
          && (slice.full || slice.to == next)
          && (isWhole ? slice.hidden == null : isFor(reader, slice))) {
        return slice;
      }
    }
    Slice made = slice(number, reader, isWhole);
    recent[nextRecent] = made;
    nextRecent = (nextRecent + 1) % RECENT_SLICES;
    return made;
  }

  /** Whether a stream may see everything from a number on, which is to be known at once. */
  boolean seesAll(Reader reader, long number) {
    return number > restricted && reader.seesPresenceFrom(number);
  }

  private boolean isFor(Reader reader, Slice slice) {
    for (long n = slice.from; n < slice.to; n++) {
      boolean isHidden = slice.hidden != null && slice.hidden.get((int) (n - slice.from));
      if (reader.maySee(n, audience(n)) == isHidden) {
        return false;
      }
    }
    return true;
  }

  private Slice slice(long from, Reader reader, boolean isWhole) {
    List<Event> slice = new ArrayList<>();
    BitSet hidden = null;
    long size = 0;
    long last = from;
    long to = from;
    boolean full = false;
    while (to < next && !full) {
      if (isWhole || reader.maySee(to, audience(to))) {
        size += weight(event(to));
        full = size > BATCH_BYTES && to > from;
        if (!full) {
          slice.add(event(to));
          last = to;
          to++;
        }
      } else {
        hidden = hidden == null ? new BitSet() : hidden;
        hidden.set((int) (to - from));
        to++;
      }
    }
    return new Slice(from, to, last, full, hidden, Batch.of(slice));
  }

  /** True where all channels together keep too much even so. */
  private boolean evictFirst() {
    int weight = weight(event(first));
    bytes -= weight;
    if (!(audience(first) instanceof Audience.Only)) {
      evictedOpen = first;
    }
    events[index(first)] = null;
    audiences[index(first)] = null;
    first++;
    return budget.add(-weight);
  }

  @SuppressWarnings("NullAway") // As below.
  private Audience audience(long number) {
    return audiences[index(number)];
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
    @Nullable Audience[] newAudiences = new @Nullable Audience[capacity];
    long[] newTimes = new long[capacity];
    for (long n = first; n < next; n++) {
      int to = (int) n & (capacity - 1);
      newEvents[to] = events[index(n)];
      newAudiences[to] = audiences[index(n)];
      newTimes[to] = times[index(n)];
    }
    events = newEvents;
    audiences = newAudiences;
    times = newTimes;
  }

  private static int weight(Event event) {
    int weight =
        EVENT_OVERHEAD
            + event.channelId().length()
            + event.type().length()
            + event.originId().length()
            + event.payload().length();
    for (String id : event.to()) {
      weight += RECIPIENT_OVERHEAD + id.length();
    }
    return weight;
  }

  /**
   * A batch and where in the log it is.
   *
   * @param from the number of its first event
   * @param to the number after it, which is that of the first event it has nothing of
   * @param last the number of its last event
   * @param full whether it ends for its size, not for want of events
   * @param hidden which of the events are left out, counted from the first; null where none is
   */
  record Slice(long from, long to, long last, boolean full, @Nullable BitSet hidden, Batch batch) {}
}
