package io.pipely.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the other nodes live, by how far each has counted.
 *
 * <p>States of a node: alive → dead, once its count has stood still for a time of this node's own
 * clock in which this node was able to count; dead → told; from both back to alive, if it counts
 * on. One whose count is no longer there stands still too: Redis may have been emptied. Not
 * synchronised.
 */
final class Census {

  /** The count of a node that has ended. */
  static final String BYE = "bye";

  /** The count of a node that has not counted yet, or that was entered by another one. */
  static final String NONE = "0";

  private static final long DEATH = Duration.ofSeconds(8).toNanos();

  /** If this node counts less often, it cannot say of others that they do not. */
  private static final long MAX_PAUSE = Duration.ofSeconds(3).toNanos();

  private static final class Other {
    String count = "";
    long since;
    boolean isTold;
  }

  private final String self;
  private final Map<String, Other> others = new HashMap<>();
  private final List<String> living = new ArrayList<>();
  private boolean isInterrupted;
  private long taken;

  Census(String self) {
    this.self = self;
  }

  /** This node could not count: what it has seen of the others is of no meaning. */
  void interrupt() {
    isInterrupted = true;
  }

  /**
   * Takes the counts of all nodes, just after this one has counted.
   *
   * @return the nodes that are dead, until {@link #told}
   */
  List<String> take(Map<String, String> counts, long now) {
    if (isInterrupted || now - taken > MAX_PAUSE) {
      others.values().forEach(other -> other.since = now);
    }
    isInterrupted = false;
    taken = now;
    for (String node : counts.keySet()) {
      if (!node.equals(self)) {
        others.computeIfAbsent(node, name -> new Other());
      }
    }
    others
        .entrySet()
        .removeIf(entry -> entry.getValue().isTold && !counts.containsKey(entry.getKey()));
    List<String> dead = new ArrayList<>();
    living.clear();
    others.forEach(
        (node, other) -> {
          String count = counts.getOrDefault(node, "");
          if (!count.equals(other.count)) {
            other.count = count;
            other.since = now;
            other.isTold = false;
            if (counts.containsKey(node) && !count.equals(BYE) && !count.equals(NONE)) {
              living.add(node);
            }
          }
          if (!other.isTold && (count.equals(BYE) || now - other.since >= DEATH)) {
            dead.add(node);
          }
        });
    return dead;
  }

  /** The other nodes that had counted since the time before, as the last counts said. */
  List<String> living() {
    return List.copyOf(living);
  }

  /** A node's death has been told of. */
  void told(String node) {
    Other other = others.get(node);
    if (other != null) {
      other.isTold = true;
    }
  }

  /** The nodes of whose death has been told, with the counts at which they stand. */
  Map<String, String> gone() {
    Map<String, String> gone = new HashMap<>();
    others.forEach(
        (node, other) -> {
          if (other.isTold) {
            gone.put(node, other.count);
          }
        });
    return gone;
  }

  /** Whether it is for this node to clear away what dead ones have left: for one at a time. */
  boolean isCaretaker() {
    return others.entrySet().stream()
        .noneMatch(entry -> !entry.getValue().isTold && entry.getKey().compareTo(self) < 0);
  }
}
