package io.pipely.core;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * The members that are lost and may come back, in the order in which their time runs out, which is
 * that in which they were lost, since they all have as much of it. Safe for use by several threads.
 */
final class Graces {

  private final long nanos;
  private final Queue<Grace> queue = new ConcurrentLinkedQueue<>();

  private record Grace(Channel channel, Member member, long lostAt) {}

  /** With so much time for each. */
  Graces(long nanos) {
    this.nanos = nanos;
  }

  /** Whether there is any time at all. */
  boolean areGiven() {
    return nanos > 0;
  }

  /** From a moment on a member's time runs. */
  void add(Channel channel, Member member, long lostAt) {
    queue.add(new Grace(channel, member, lostAt));
  }

  /**
   * Ends the memberships of those that have not come back in their time; by one thread at a time.
   *
   * @param executor does what follows from that, which is telling the others
   */
  void endDue(long now, Executor executor) {
    Grace grace = queue.peek();
    while (grace != null && now - grace.lostAt() >= nanos) {
      queue.remove();
      Runnable rest = grace.channel().endGrace(grace.member(), grace.lostAt());
      if (rest != null) {
        Handover.run(rest, executor);
      }
      grace = queue.peek();
    }
  }
}
