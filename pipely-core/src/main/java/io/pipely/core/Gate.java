package io.pipely.core;

import io.pipely.Authorizer;
import io.pipely.Caller;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the authorizer, where there is one, and sees to it that it decides once. */
final class Gate {

  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final @Nullable Authorizer authorizer;

  Gate(@Nullable Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /** Whether nobody is asked, whoever comes. */
  boolean isOpen() {
    return authorizer == null;
  }

  /** Whether there is somebody to ask about what a caller wants; the application need not ask. */
  boolean asks(@Nullable Caller caller) {
    return authorizer != null && caller != null && caller != Caller.APPLICATION;
  }

  /** Asks, and does one of the two, now or later. */
  void ask(Authorizer.Operation operation, Runnable allowed, Runnable denied) {
    if (authorizer == null) {
      allowed.run();
      return;
    }
    Once verdict = new Once(allowed, denied);
    try {
      authorizer.authorize(operation, verdict);
    } catch (Throwable e) {
      Failures.log(
          e, failure -> LOG.error("the authorizer failed, which is taken for a no", failure));
      verdict.deny();
    }
  }

  private static final class Once implements Authorizer.Verdict {

    private final AtomicBoolean isDecided = new AtomicBoolean();
    private final Runnable allowed;
    private final Runnable denied;

    Once(Runnable allowed, Runnable denied) {
      this.allowed = allowed;
      this.denied = denied;
    }

    @Override
    public void allow() {
      decide(allowed);
    }

    @Override
    public void deny() {
      decide(denied);
    }

    /** What goes wrong behind the decision is not the authorizer's failure. */
    private void decide(Runnable decision) {
      if (isDecided.compareAndSet(false, true)) {
        try {
          decision.run();
        } catch (Throwable e) {
          Failures.log(
              e, failure -> LOG.error("what was decided could not be carried out", failure));
        }
      }
    }
  }
}
