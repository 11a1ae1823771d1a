package io.pipely.endurance.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What was wrong. Thread-safe. */
public final class Faults {

  /** More than anybody reads: one bug shows in many places. */
  private static final int MOST = 20;

  private final List<String> faults = new ArrayList<>();
  private int count;

  public synchronized void add(String fault) {
    count++;
    if (faults.size() < MOST) {
      faults.add(fault);
    }
  }

  /** Adds one unless something is true. */
  public void unless(boolean isTrue, Supplier<String> fault) {
    if (!isTrue) {
      add(fault.get());
    }
  }

  public synchronized void throwAny(String where) {
    if (count > 0) {
      String all = String.join("\n  ", faults);
      throw new AssertionError(where + ", " + count + " faults:\n  " + all);
    }
  }
}
