package io.pipely.servlet;

import io.pipely.Done;
import io.pipely.http.Sink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An endless answer through the Servlet API's non-blocking output, as a state machine:
 *
 * <pre>
 *   PARKED --the container calls, or is ready after all--> BUSY --nothing to do--> IDLE
 *     ^-------------- the container is not ready ------------'^------- write -------'
 *      BUSY, IDLE --abort--> ENDED        BUSY --a write fails--> FAILED --the container tells--> ENDED
 * </pre>
 *
 * <p>Whoever brings the state to BUSY is the one thread that uses the output, until it parks or
 * idles. PARKED is set before {@code isReady} is asked: were it set after a no, the container's
 * call could come in between and find nobody parked. Each write and each flush is asked for on its
 * own; containers differ in what they do to those who do not ask.
 */
final class ServletSink implements Sink, WriteListener, AsyncListener {

  private enum State {
    PARKED,
    BUSY,
    IDLE,
    FAILED,
    ENDED
  }

  /** What the busy thread does next. */
  private enum Step {
    WRITE,
    FLUSH,
    COMPLETE
  }

  /**
   * So much at a time, so that a slow client can be told from one that takes nothing at all: the
   * container tells of no progress before a piece has gone whole. As a chunk, with a line ahead of
   * it and one behind, it has to fit into the 8 KiB that Tomcat has for a connection: for as little
   * as a byte more, it would keep another 64 KiB until the client has taken it.
   */
  private static final int PIECE = (8 << 10) - 16;

  private final AsyncContext context;
  private final ServletOutputStream output;
  private final Runnable gone;

  /**
   * Held around each call of the output. A write that fails makes Tomcat tell {@code onError} on
   * another thread, and then use the response's parts for another request, all while the failed
   * write is still on its way out through them; so whoever is told waits until it is out.
   */
  private final Object outputLock = new Object();

  // Guarded by this:

  private State state = State.PARKED;
  private boolean isClosing;

  /** What is to be written last; null where there is no such thing, or not yet. */
  private @Nullable ByteBuffer last;

  /** What is still to be written; null where it is through. */
  private @Nullable ByteBuffer bytes;

  private @Nullable Done pending;

  /** Of the busy thread alone. */
  private Step step = Step.WRITE;

  private ServletSink(AsyncContext context, ServletOutputStream output, Runnable gone) {
    this.context = context;
    this.output = output;
    this.gone = gone;
  }

  static ServletSink open(AsyncContext context, ServletOutputStream output, Runnable gone) {
    ServletSink sink = new ServletSink(context, output, gone);
    context.addListener(sink);
    output.setWriteListener(sink);
    return sink;
  }

  @Override
  public void write(ByteBuffer bytes, Done done) {
    boolean isLate;
    boolean isMine;
    synchronized (this) {
      isLate = isClosing || state == State.FAILED || state == State.ENDED;
      isMine = state == State.IDLE;
      if (!isLate) {
        this.bytes = bytes.duplicate();
        pending = done;
        if (isMine) {
          state = State.BUSY;
        }
      }
    }
    if (isLate) {
      done.complete(new EOFException("closed"));
    } else if (isMine) {
      run();
    }
  }

  @Override
  public void end(ByteBuffer lastBytes) {
    boolean isMine;
    synchronized (this) {
      if (isClosing) {
        return;
      }
      isClosing = true;
      last = lastBytes.duplicate();
      isMine = state == State.IDLE;
      if (isMine) {
        state = State.BUSY;
      }
    }
    if (isMine) {
      run();
    }
  }

  /**
   * A parked one ends when the container calls, at the latest when its own timeout for writes is
   * over: until then Tomcat would have one of its threads wait for the client that takes nothing.
   */
  @Override
  public synchronized void abort() {
    isClosing = true;
    bytes = null;
    last = null;
    if (state != State.FAILED && state != State.PARKED) {
      end();
    }
  }

  @Override
  public void onWritePossible() {
    synchronized (this) {
      if (state != State.PARKED) {
        return;
      }
      state = State.BUSY;
    }
    run();
  }

  /** The work of the busy thread. The output is ready at the beginning of each round. */
  private void run() {
    try {
      while (true) {
        switch (step) {
          case WRITE -> {
            ByteBuffer next = nextBytes();
            if (next == null) {
              return;
            }
            synchronized (outputLock) {
              output.write(next.array(), next.arrayOffset() + next.position(), next.remaining());
            }
            step = Step.FLUSH;
          }
          case FLUSH -> {
            synchronized (outputLock) {
              output.flush();
            }
            step = Step.COMPLETE;
          }
          case COMPLETE -> {
            step = Step.WRITE;
            completeOrMove();
            continue; // The output was found ready before this step.
          }
        }
        if (!isReady()) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      // RuntimeException: when Tomcat sees the client go, it takes the response away from the
      // writer.
      failHere(e);
    }
  }

  /** What is to be written; null where there is nothing, and the thread is busy no more. */
  private @Nullable ByteBuffer nextBytes() {
    synchronized (this) {
      if (state != State.BUSY) {
        return null;
      }
      if (bytes == null && isClosing) {
        bytes = last;
        last = null;
      }
      ByteBuffer whole = bytes;
      if (whole != null && whole.hasRemaining()) {
        ByteBuffer piece = whole.slice(whole.position(), Math.min(whole.remaining(), PIECE));
        whole.position(whole.position() + piece.remaining());
        return piece;
      }
      bytes = null;
      state = State.IDLE;
      if (isClosing) {
        end();
      }
      return null;
    }
  }

  /** False where the thread is busy no more: the container will call, or has called already. */
  private boolean isReady() {
    synchronized (this) {
      if (state != State.BUSY) {
        return false;
      }
      state = State.PARKED;
    }
    synchronized (outputLock) {
      if (!output.isReady()) {
        return false;
      }
    }
    synchronized (this) {
      if (state != State.PARKED) {
        return false;
      }
      state = State.BUSY;
      return true;
    }
  }

  /** A piece was written: either the last one of a write, or one after which more has to follow. */
  private void completeOrMove() {
    Done moved = null;
    synchronized (this) {
      if (bytes != null && bytes.hasRemaining()) {
        moved = pending;
      } else {
        bytes = null;
      }
    }
    if (moved != null) {
      moved.moved();
    } else {
      complete(null);
    }
  }

  /** Completes the pending write, which may bring the next one at once. */
  private void complete(@Nullable Throwable failure) {
    Done done;
    synchronized (this) {
      done = pending;
      pending = null;
    }
    if (done != null) {
      done.complete(failure);
    }
  }

  /**
   * A write has failed. The request is not ended here but by the container's call to {@code
   * onError}, which the specification promises: Tomcat is on its way to that call on another
   * thread, ends the request itself behind it, and would mix up a second end with its next request.
   */
  private void failHere(Throwable failure) {
    synchronized (this) {
      if (state != State.ENDED) {
        state = State.FAILED;
      }
    }
    complete(failure);
    gone.run();
  }

  /** The container tells of a failure, perhaps more than once. */
  private void fail(Throwable failure) {
    awaitWriter();
    end();
    complete(failure);
    gone.run();
  }

  /**
   * Ends the request, once, from this one place, under the lock: the container tells {@link
   * #onComplete} before it uses the context's parts for another request, and has to wait here.
   */
  private synchronized void end() {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    try {
      context.complete();
    } catch (IllegalStateException e) {
      // The container was faster.
    }
  }

  @SuppressWarnings("EmptyBlock")
  private void awaitWriter() {
    synchronized (outputLock) {
      // Nobody is in a call of the output now.
    }
  }

  @Override
  public void onError(Throwable failure) {
    fail(failure);
  }

  @Override
  public void onError(AsyncEvent event) {
    fail(event.getThrowable() == null ? new EOFException("gone") : event.getThrowable());
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    fail(new EOFException("timed out"));
  }

  /** Also where the container itself ends the request, as at its shutdown. */
  @Override
  public void onComplete(AsyncEvent event) {
    awaitWriter();
    synchronized (this) {
      state = State.ENDED;
    }
    complete(new EOFException("completed"));
    gone.run();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
