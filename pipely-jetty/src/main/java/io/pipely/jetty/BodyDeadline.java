package io.pipely.jetty;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Breaks the reading of a body off that has not come to its end in time. Jetty's idle timeout
 * begins anew with every byte, so it does not.
 */
final class BodyDeadline {

  private final Request request;

  // Guarded by this:

  private boolean isOver;
  private boolean isMissed;
  private Scheduler.@Nullable Task task;

  BodyDeadline(Request request) {
    this.request = request;
  }

  /** Has the time run, unless the body is there already, as it is nearly always. */
  synchronized void start(Duration time) {
    if (!isOver) {
      task = request.getComponents().getScheduler().schedule(this::missed, time);
    }
  }

  private void missed() {
    synchronized (this) {
      if (isOver) {
        return;
      }
      isOver = true;
      isMissed = true;
    }
    request.fail(new TimeoutException("the body has not arrived in time")); // So does the reading.
  }

  /** Stops the time, and tells whether it had not run out yet. */
  synchronized boolean isMet() {
    isOver = true;
    if (task != null) {
      task.cancel();
    }
    return !isMissed;
  }
}
