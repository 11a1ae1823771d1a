package io.pipely.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does things at the same time. */
public final class Together {

  /** One of many. */
  public interface Task {
    void run(int number) throws Exception;
  }

  private Together() {}

  /** Runs a task several times, on as many threads, which begin together; returns after all. */
  public static void run(int count, Task task) throws Exception {
    run(count, Patience.MANY, task);
  }

  /**
   * Runs a task as {@link #run(int, Task)} does.
   *
   * @param atMost how long to wait for each
   */
  public static void run(int count, Duration atMost, Task task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  task.run(number);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
