package io.pipely.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, which is made again whenever it is lost. That it works is tried out all
 * the time, since one that is cut says nothing.
 *
 * <p>States: down → connecting → up → down, and closed in the end. Nothing that was sent over a
 * connection is sent again over its successor.
 */
final class Link<C extends StatefulRedisConnection<String, byte[]>> {

  /** Is told with no lock held; on whichever thread notices. */
  interface Watcher<C> {
    void up(C connection);

    void down(Throwable reason);
  }

  private enum State {
    DOWN,
    CONNECTING,
    UP,
    CLOSED
  }

  private static final long RETRY = Duration.ofMillis(400).toNanos();
  private static final long PING_EVERY = Duration.ofMillis(500).toNanos();

  /** A machine under load answers late; what it is cut off from is noticed soon enough so. */
  private static final long PING_DEADLINE = Duration.ofSeconds(3).toNanos();

  /** If so long a time passes without a tick it is this process that stood still. */
  private static final long PAUSE = Duration.ofMillis(500).toNanos();

  private final Supplier<CompletionStage<C>> connector;
  private final Watcher<C> watcher;

  // Guarded by this.
  private State state = State.DOWN;
  private @Nullable C connection;
  private long nextAttempt;
  private long pinged;
  private boolean awaitsPing;
  private long ticked;

  /** When the last PING was sent, or something else has come since. */
  private volatile long heard;

  Link(Supplier<CompletionStage<C>> connector, Watcher<C> watcher, long now) {
    this.connector = connector;
    this.watcher = watcher;
    nextAttempt = now;
    ticked = now;
  }

  /** To be called several times a second. */
  void tick(long now) {
    C late = null;
    C idle = null;
    synchronized (this) {
      if (now - ticked > PAUSE) {
        heard = now;
      }
      ticked = now;
      if (state == State.DOWN && now - nextAttempt >= 0) {
        state = State.CONNECTING;
        nextAttempt = now + RETRY;
      } else if (state == State.UP && awaitsPing && now - heard > PING_DEADLINE) {
        late = connection;
      } else if (state == State.UP && !awaitsPing && now - pinged >= PING_EVERY) {
        pinged = now;
        heard = now;
        awaitsPing = true;
        idle = connection;
      } else {
        return;
      }
    }
    if (late != null) {
      lost(late, new TimeoutException("no answer to PING"));
    } else if (idle != null) {
      ping(idle);
    } else {
      connect(now);
    }
  }

  private void connect(long now) {
    try {
      connector
          .get()
          .whenComplete(
              (made, failure) -> {
                if (failure != null) {
                  failed(failure);
                } else {
                  made(made, now);
                }
              });
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    synchronized (this) {
      if (state != State.CONNECTING) {
        return;
      }
      state = State.DOWN;
    }
    watcher.down(Failures.cause(failure));
  }

  private void made(C made, long now) {
    made.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
            lost(made, new IllegalStateException("connection closed"));
          }
        });
    synchronized (this) {
      if (state == State.CONNECTING) {
        state = State.UP;
        connection = made;
        pinged = now;
        awaitsPing = false;
      }
      if (connection != made) {
        release(made);
        return;
      }
    }
    watcher.up(made);
    if (!made.isOpen()) {
      lost(made, new IllegalStateException("connection closed"));
    }
  }

  private void ping(C idle) {
    try {
      idle.async()
          .ping()
          .whenComplete(
              (answer, failure) -> {
                if (failure != null) {
                  lost(idle, Failures.cause(failure));
                } else {
                  answered(idle);
                }
              });
    } catch (RuntimeException e) {
      lost(idle, e);
    }
  }

  private synchronized void answered(C answering) {
    if (connection == answering) {
      awaitsPing = false;
    }
  }

  /** Gives a connection up, so that another is made. */
  void lost(C lost, Throwable reason) {
    synchronized (this) {
      if (connection != lost || state != State.UP) {
        return;
      }
      state = State.DOWN;
      connection = null;
    }
    release(lost);
    watcher.down(reason);
  }

  /** Something has come: the connection works, if a PING must wait for its turn. */
  void heard() {
    heard = System.nanoTime();
  }

  /** The connection, null where there is none. */
  synchronized @Nullable C connection() {
    return connection;
  }

  void close() {
    C last;
    synchronized (this) {
      state = State.CLOSED;
      last = connection;
      connection = null;
    }
    if (last != null) {
      last.close();
    }
  }

  /** It was lost before, so that nobody waits for its end. */
  private static void release(StatefulRedisConnection<?, ?> connection) {
    var unused = connection.closeAsync();
  }
}
