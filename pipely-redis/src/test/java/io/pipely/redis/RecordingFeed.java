package io.pipely.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Feed;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps what it is told, and sees to it that it is told as promised. */
final class RecordingFeed implements Feed {

  private final AtomicBoolean isCalled = new AtomicBoolean();
  private final List<String> told = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Seat> seats = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();
  private Snapshot snapshot;
  private String epoch = "";
  private long version;
  private long last;
  private int resets;

  @Override
  public void reset(Snapshot newSnapshot) {
    alone(
        () -> {
          snapshot = newSnapshot;
          epoch = newSnapshot.epoch();
          version = newSnapshot.version();
          last = newSnapshot.last();
          seats.clear();
          newSnapshot.seats().forEach(seat -> seats.put(seat.id(), seat));
          resets++;
          told.add("reset " + (epoch.isEmpty() ? "to none" : "to " + last));
        });
  }

  @Override
  public void append(String change, long newVersion, long first, List<Entry> appended) {
    alone(
        () -> {
          if (first != last + 1) {
            broken.add(first + " after " + last);
          }
          last = first + appended.size() - 1;
          for (Entry entry : appended) {
            entries.add(entry);
            version += entry.isAboutMembers() ? 1 : 0;
            apply(entry);
          }
          if (version != newVersion) {
            broken.add("version " + newVersion + " where it is " + version);
          }
          told.add(change);
        });
  }

  private void apply(Entry entry) {
    if (entry instanceof Entry.Joined joined) {
      seats.put(joined.seat().id(), joined.seat());
    } else if (entry instanceof Entry.Moved moved) {
      seats.computeIfPresent(moved.seatId(), (id, seat) -> seat.at(moved.node()));
    } else if (entry instanceof Entry.Left left) {
      seats.remove(left.seatId());
    }
  }

  @Override
  public void end() {
    alone(
        () -> {
          if (!seats.isEmpty()) {
            broken.add("ended with " + seats);
          }
          epoch = "";
          version = 0;
          last = 0;
          told.add("end");
        });
  }

  private void alone(Runnable call) {
    if (!isCalled.compareAndSet(false, true)) {
      broken.add("called by two at once");
    }
    synchronized (this) {
      call.run();
    }
    isCalled.set(false);
  }

  /** The ids of changes, and what else it was told. */
  synchronized List<String> told() {
    assertEquals(List.of(), broken);
    return List.copyOf(told);
  }

  /** Whether a change was told of, or is in the snapshot told last. */
  synchronized boolean knows(String change) {
    return told.contains(change) || told.get(told.size() - 1).startsWith("reset");
  }

  synchronized boolean stands(Change change) {
    return change.creation() != null
        ? epoch.isEmpty()
        : epoch.equals(change.epoch()) && version == change.version();
  }

  synchronized List<Entry> entries() {
    assertEquals(List.of(), broken);
    return List.copyOf(entries);
  }

  synchronized List<Seat> seats() {
    assertEquals(List.of(), broken);
    return List.copyOf(seats.values());
  }

  synchronized Snapshot snapshot() {
    return snapshot;
  }

  synchronized String epoch() {
    return epoch;
  }

  synchronized long version() {
    return version;
  }

  synchronized long last() {
    return last;
  }

  synchronized int resets() {
    return resets;
  }
}
