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

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /**
   * What takes longer is sent in pieces, so that a slow client can be told from one that takes
   * nothing at all.
   */
  private static final int PIECE = 16 << 10;

  /** Written under the lock. */
  private volatile boolean isClosed;

  // Guarded by this:

  private @Nullable Done pending;

  /** What is still to be sent of what is pending. */
  private ByteBuffer rest = NOTHING;

  /** What is being sent of it; its position moves as the socket takes it. */
  private ByteBuffer piece = NOTHING;

  /** How much of the piece was left when it was last looked at. */
  private int unsent;

  private boolean isAborted;

  /** What is to be sent last, once nothing is pending; null until the end is asked for. */
  private @Nullable ByteBuffer last;

  /** Sends as much as goes at once, and tells how many bytes that was; nothing by default. */
  int sendAtOnce(ByteBuffer bytes) throws IOException {
    return 0;
  }

  /** Sends bytes of its own; the callback is this object. */
  abstract void send(ByteBuffer bytes);

  /** Ends the answer in good order after these last bytes, called once; nothing is pending. */
  abstract void finish(ByteBuffer bytes);

  /**
   * Has what was given to {@link #send} sent as far as there is room, which the server knows late.
   */
  abstract void push();

  /** The end was asked for: what is pending and the rest may each take no longer than a stall. */
  abstract void limitEnd();

  /** Breaks the answer off, whatever is pending, and whether or not {@link #finish} was called. */
  abstract void breakOff();

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
      abort();
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
    ByteBuffer first;
    synchronized (this) {
      pending = done;
      rest = bytes;
      first = nextPiece();
    }
    send(first);
  }

  private ByteBuffer nextPiece() {
    unsent = Math.min(rest.remaining(), PIECE);
    piece = rest.slice(rest.position(), unsent);
    rest.position(rest.position() + unsent);
    return piece;
  }

  @Override
  public final void nudge() {
    push();
    Done moved = null;
    synchronized (this) {
      // It may be moving just now: what is not seen this time is seen the next.
      int now = piece.remaining();
      if (now != unsent) {
        unsent = now;
        moved = pending;
      }
    }
    if (moved != null) {
      moved.moved();
    }
  }

  @Override
  public final void end(ByteBuffer bytes) {
    boolean isNow;
    synchronized (this) {
      if (isClosed || last != null) {
        return;
      }
      last = bytes.duplicate();
      isNow = pending == null;
      isClosed = isNow;
    }
    limitEnd();
    if (isNow) {
      finish(bytes.duplicate());
    }
  }

  @Override
  public final void abort() {
    synchronized (this) {
      if (isAborted) {
        return;
      }
      isAborted = true;
      isClosed = true;
    }
    breakOff();
  }

  @Override
  public final void succeeded() {
    Done done;
    ByteBuffer next = null;
    ByteBuffer bytes = null;
    synchronized (this) {
      done = pending;
      if (rest.hasRemaining() && !isAborted) {
        next = nextPiece();
      } else {
        pending = null;
        rest = NOTHING;
        piece = NOTHING;
        unsent = 0;
        bytes = isClosed ? null : last;
        isClosed |= bytes != null;
      }
    }
    if (next != null) {
      if (done != null) {
        done.moved();
      }
      send(next);
      return;
    }
    if (bytes != null) {
      finish(bytes);
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
    abort();
  }

  /** Completing a write hands over the next batch and no more: it never blocks. */
  @Override
  public final InvocationType getInvocationType() {
    return Invocable.InvocationType.NON_BLOCKING;
  }
}
