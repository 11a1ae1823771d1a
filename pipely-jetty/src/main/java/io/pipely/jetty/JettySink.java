package io.pipely.jetty;

import io.pipely.Done;
import io.pipely.http.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One write at a time, and an end that waits for it or does not. How bytes are sent and how the
 * answer is ended, a subclass knows. What is sent at once, as nearly all is, needs no lock: neither
 * a second write nor the end comes during a call of {@link #write}. For what takes longer this
 * object itself is the callback, so that a write allocates nothing.
 */
abstract class JettySink implements Sink, Callback {

  /** Written under the lock. */
  private volatile boolean isClosed;

  // Guarded by this:

  private @Nullable Done pending;
  private boolean isClosing;

  /** Sends as much as goes at once, and tells how many bytes that was; nothing by default. */
  int sendAtOnce(ByteBuffer bytes) throws IOException {
    return 0;
  }

  /** Sends bytes of its own; the callback is this object. */
  abstract void send(ByteBuffer bytes);

  /** Ends the answer, called once; unless aborted, nothing is pending. */
  abstract void finish(boolean abort);

  @Override
  public final void write(ByteBuffer bytes, Done done) {
    if (isClosed) {
      done.complete(new EofException("closed"));
      return;
    }
    int sent;
    try {
      sent = sendAtOnce(bytes);
    } catch (IOException e) {
      done.complete(e);
      close(true);
      return;
    }
    int left = bytes.remaining() - sent;
    if (left == 0) {
      done.complete(null);
    } else {
      sendLater(bytes.slice(bytes.position() + sent, left), done);
    }
  }

  private void sendLater(ByteBuffer bytes, Done done) {
    synchronized (this) {
      pending = done;
    }
    send(bytes);
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
