package io.pipely.core;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands work to other threads, of which a system may have no more. */
final class Handover {

  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  private Handover() {}

  /** Whether another thread will do it; else it is the caller's, as nothing may be left undone. */
  static boolean isTaken(Runnable task, Executor executor) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      LOG.error("no thread is to be had, so who asked for one does its work: {}", e.toString());
      return false;
    }
  }

  /** Has it done, elsewhere where that is possible. */
  static void run(Runnable task, Executor executor) {
    if (!isTaken(task, executor)) {
      task.run();
    }
  }
}
