package io.pipely.endurance.stress;

import java.util.Map;
import java.util.TreeMap;

/** Counts what has happened, to see that a run has reached what it is to reach. Thread-safe. */
public final class Tally {

  private final Map<String, Integer> counts = new TreeMap<>();

  Tally() {}

  void count(String what) {
    count(what, 1);
  }

  synchronized void count(String what, int times) {
    counts.merge(what, times, Integer::sum);
  }

  /** How often it has happened. */
  public synchronized int of(String what) {
    return counts.getOrDefault(what, 0);
  }

  @Override
  public synchronized String toString() {
    return counts.toString();
  }
}
