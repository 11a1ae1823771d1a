package io.pipely.core;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one hub: as many workers as cores for passes over many members, which end when
 * idle, and one timer. Daemons all: an application that forgets to close its hub still ends.
 */
final class Threads {

  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
  private static final long STOP_SECONDS = 1;

  private final Workers workers;
  private final ScheduledThreadPoolExecutor timer;

  Threads() {
    workers = new Workers(Runtime.getRuntime().availableProcessors());
    timer = new ScheduledThreadPoolExecutor(1, Threads::daemon);
  }

  Executor workers() {
    return workers;
  }

  /** Has the timer do something again and again. */
  void every(long nanos, Runnable sweep) {
    Runnable guarded =
        () -> {
          try {
            sweep.run();
          } catch (Throwable e) { // Else the timer would stop.
            Failures.log(e, failure -> LOG.error("a sweep failed; the next one follows", failure));
          }
        };
    var unused = timer.scheduleWithFixedDelay(guarded, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Waits a moment, since containers complain of threads that outlive their application. */
  void stop() {
    timer.shutdownNow();
    workers.shutdown();
    try {
      boolean unused = timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      unused = workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pipely-timer");
    thread.setDaemon(true);
    return thread;
  }
}
