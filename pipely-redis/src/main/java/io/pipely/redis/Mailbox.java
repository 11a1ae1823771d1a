package io.pipely.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one step after the other, in the order in which they come, on whichever thread brings one
 * while none is being done; with no lock held.
 */
final class Mailbox {

  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  void run(Runnable step) {
    steps.add(step);
    if (count.getAndIncrement() > 0) {
      return;
    }
    do {
      try {
        Runnable next = steps.poll();
        if (next != null) {
          next.run();
        }
      } catch (RuntimeException | Error e) {
        log.error("a step failed", e);
      }
    } while (count.decrementAndGet() > 0);
  }
}
