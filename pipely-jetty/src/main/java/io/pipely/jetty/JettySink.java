package io.pipely.jetty;

import io.pipely.Done;
import io.pipely.http.Sink;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One write at a time, and an end that waits for it or does not. How bytes are sent and how the
 * answer is ended, a subclass knows. The write's callback is this object itself, so that a write
 * allocates nothing.
 */
abstract class JettySink implements Sink, Callback {

  // Guarded by this:

  private @Nullable Done pending;
  private boolean isClosing;
  private boolean isClosed;

  /** Sends bytes, which are shared; the callback is this object. */
  abstract void send(ByteBuffer bytes);

  /** Ends the answer, called once; unless aborted, nothing is pending. */
  abstract void finish(boolean abort);

  @Override
  public final void write(ByteBuffer bytes, Done done) {
    boolean isLate;
    synchronized (this) {
      isLate = isClosed || isClosing;
      if (!isLate) {
        pending = done;
      }
    }
    if (isLate) {
      done.complete(new EofException("closed"));
    } else {
      send(bytes);
    }
  }

  @Override
  public final void close(boolean abort) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      if (pending != null && !abort) {
        isClosing = true;
        return;
      }
      isClosed = true;
    }
    finish(abort);
  }

  @Override
  public final void succeeded() {
    Done done;
    boolean isEnd;
    synchronized (this) {
      done = pending;
      pending = null;
      isEnd = isClosing && !isClosed;
      isClosed |= isEnd;
    }
    if (isEnd) {
      finish(false);
    }
    if (done != null) {
      done.complete(null);
    }
  }

  @Override
  public final void failed(Throwable failure) {
    Done done;
    synchronized (this) {
      done = pending;
      pending = null;
    }
    if (done != null) {
      done.complete(failure);
    }
    close(true);
  }

  /** Completing a write hands over the next batch and no more: it never blocks. */
  @Override
  public final InvocationType getInvocationType() {
    return Invocable.InvocationType.NON_BLOCKING;
  }
}
