package io.pipely.core;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one hub: as many workers as cores for passes over many members, which end when
 * idle, and one timer. Daemons all: an application that forgets to close its hub still ends.
 */
final class Threads {

  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
  private static final long IDLE_SECONDS = 10;
  private static final long STOP_SECONDS = 1;

  private final ThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor timer;

  Threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    workers =
        new ThreadPoolExecutor(
            cores,
            cores,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // Holds one task for each channel at most, and heartbeats.
            daemons("pipely-fan-out-"),
            (task, pool) -> task.run()); // Once stopped: what was begun is ended by its thread.
    workers.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, daemons("pipely-timer-"));
  }

  Executor workers() {
    return workers;
  }

  void sweepEvery(long nanos, Runnable sweep) {
    Runnable guarded =
        () -> {
          try {
            sweep.run();
          } catch (RuntimeException e) {
            LOG.error("a sweep failed; the next one follows", e); // Else the timer would stop.
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

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
