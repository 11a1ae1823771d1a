package io.pipely.core;

import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few daemon threads that end when idle. What a running task hands in is put off until that task
 * has returned, and where nobody waits the same thread then goes on with it. So a long pass, cut
 * into turns that let others in, changes threads only where there are others: to wake a thread, and
 * to move what the pass touches to another core, costs as much as several writes.
 */
final class Workers extends ThreadPoolExecutor {

  private static final long IDLE_SECONDS = 10;

  private final AtomicInteger started = new AtomicInteger();

  Workers(int count) {
    super(
        count,
        count,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), // Holds one task for each channel at most, and heartbeats.
        Executors.defaultThreadFactory(),
        (task, pool) -> task.run()); // Once stopped: what was begun is ended by its thread.
    setThreadFactory(Worker::new);
    allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    boolean isPutOff =
        Thread.currentThread() instanceof Worker worker
            && worker.isOf(this)
            && worker.putsOff(task);
    if (!isPutOff) {
      super.execute(task);
    }
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    ((Worker) thread).isRunning = true;
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable failure) {
    ((Worker) Thread.currentThread()).goOn();
  }

  private final class Worker extends Thread {

    private boolean isRunning;
    private @Nullable Runnable next;

    Worker(Runnable work) {
      super(work, "pipely-fan-out-" + started.incrementAndGet());
      setDaemon(true);
    }

    boolean isOf(Workers workers) {
      return Workers.this == workers;
    }

    /** False where this is not the moment: then it is to be queued. */
    boolean putsOff(Runnable task) {
      if (!isRunning || next != null) {
        return false;
      }
      next = task;
      return true;
    }

    /** Runs what was put off, and what that puts off, until there is none or somebody waits. */
    void goOn() {
      try {
        while (next != null && getQueue().isEmpty()) {
          Runnable task = next;
          next = null;
          task.run();
        }
      } finally {
        Runnable left = next;
        next = null;
        isRunning = false;
        if (left != null) {
          Handover.run(left, Workers.this);
        }
      }
    }
  }
}
