package io.pipely.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** An executor whose tasks wait until a test runs them. */
final class ManualExecutor implements Executor {

  private final List<Runnable> tasks = new ArrayList<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  int size() {
    return tasks.size();
  }

  /** Runs the oldest task; false where there is none. */
  boolean runNext() {
    if (tasks.isEmpty()) {
      return false;
    }
    tasks.remove(0).run();
    return true;
  }

  /** Runs any one of the tasks; false where there is none. */
  boolean runAny(Random random) {
    if (tasks.isEmpty()) {
      return false;
    }
    tasks.remove(random.nextInt(tasks.size())).run();
    return true;
  }

  /** Runs all tasks, those too that come up meanwhile, oldest first. */
  void runAll() {
    while (runNext()) {
      // The next one.
    }
  }
}
