package io.pipely.jetty;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;

/**
 * Completes a request once. Of a stream that is broken off, the write that was under way fails as
 * well, or has ended the request already; handlers around ours may count by the callback.
 */
final class OnceCallback extends Callback.Nested {

  private final AtomicBoolean isComplete = new AtomicBoolean();

  OnceCallback(Callback callback) {
    super(callback);
  }

  @Override
  public void succeeded() {
    if (isComplete.compareAndSet(false, true)) {
      super.succeeded();
    }
  }

  @Override
  public void failed(Throwable failure) {
    if (isComplete.compareAndSet(false, true)) {
      super.failed(failure);
    }
  }
}
