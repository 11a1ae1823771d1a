package io.pipely.redis;

import io.pipely.spi.Entry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What entries do to the seats of a channel.
 *
 * @param put the seats that are others after them, or there at last, by id
 * @param removed the ids of those that are no more
 * @param version the channel's version after them
 */
record Effect(Map<String, Place> put, Set<String> removed, long version) {

  /**
   * @param places the seats before, by id
   * @param version the channel's version before
   */
  static Effect of(Map<String, Place> places, long version, List<Entry> entries) {
    Map<String, Place> put = new LinkedHashMap<>();
    Set<String> removed = new LinkedHashSet<>();
    long reached = version;
    for (Entry entry : entries) {
      if (entry.isAboutMembers()) {
        reached++;
      }
      if (entry instanceof Entry.Joined joined) {
        put.put(joined.seat().id(), new Place(reached, joined.seat()));
        removed.remove(joined.seat().id());
      } else if (entry instanceof Entry.Moved moved) {
        Place before = put.getOrDefault(moved.seatId(), places.get(moved.seatId()));
        if (before != null) {
          put.put(moved.seatId(), new Place(before.order(), before.seat().at(moved.node())));
        }
      } else if (entry instanceof Entry.Left left) {
        put.remove(left.seatId());
        removed.add(left.seatId());
      }
    }
    return new Effect(put, removed, reached);
  }

  /** The entries that are about members. */
  static long countMembers(Collection<Entry> entries) {
    return entries.stream().filter(Entry::isAboutMembers).count();
  }

  void applyTo(Map<String, Place> places) {
    places.keySet().removeAll(removed);
    places.putAll(put);
  }
}
