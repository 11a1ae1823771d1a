package io.pipely.jetty;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connections whose requests' heads take too long. Jetty's idle timeout begins anew with
 * every byte, so one byte now and then would keep a connection for ever.
 *
 * <p>The time runs from the opening of a connection, and for a later request on it from its first
 * byte, until the request is handled. Between requests there is the idle timeout. A connection that
 * was taken over is another one, which is not watched. Where there are bytes that the server has
 * not come to read, it is not the client that is late, and the time begins anew: a server that is
 * too busy would otherwise make its clients come once more.
 *
 * <p>All are looked at by one task of the connector's timer, so one may have a little more time.
 */
final class HeadDeadlines extends AbstractLifeCycle implements Connection.Listener {

  /** How many times a connection is looked at before its time is up. */
  private static final int LOOKS = 16;

  private static final Duration SHORTEST_PERIOD = Duration.ofMillis(5);

  private final ServerConnector connector;
  private final long timeoutNanos;
  private final Duration period;
  private final ConcurrentMap<Connection, Watch> watches = new ConcurrentHashMap<>();
  private volatile Scheduler.@Nullable Task next;

  private HeadDeadlines(ServerConnector connector, Duration timeout) {
    this.connector = connector;
    this.timeoutNanos = timeout.toNanos();
    Duration part = timeout.dividedBy(LOOKS);
    this.period = part.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : part;
  }

  /**
   * Watches a connector's connections from its start on.
   *
   * @param handler which handles all requests of the server
   * @return the handler to be the server's instead
   */
  static Handler install(ServerConnector connector, Duration timeout, Handler handler) {
    HeadDeadlines deadlines = new HeadDeadlines(connector, timeout);
    connector.addBean(deadlines);
    return new Handler.Wrapper(handler) {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        deadlines.headHasArrived(request);
        return super.handle(request, response, callback);
      }
    };
  }

  @Override
  protected void doStart() {
    schedule();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void schedule() {
    next = connector.getScheduler().schedule(this::sweep, period);
  }

  private void sweep() {
    try {
      long now = System.nanoTime();
      watches.forEach(
          (connection, watch) -> {
            if (watch.isLate(now, connection.getBytesIn(), timeoutNanos)) {
              late(connection.getEndPoint(), watch, now);
            }
          });
    } finally {
      if (isRunning()) {
        schedule();
      }
    }
  }

  private static void late(EndPoint endPoint, Watch watch, long now) {
    if (Sockets.hasUnread(endPoint)) {
      watch.beginAnew(now);
    } else {
      endPoint.close();
    }
  }

  /** Only HTTP's connections have heads to come. */
  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) {
      watches.put(connection, new Watch(System.nanoTime()));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    watches.remove(connection);
  }

  private void headHasArrived(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    Watch watch = watches.get(connection);
    if (watch != null) {
      watch.begin();
      Request.addCompletionListener(request, failure -> watch.end(connection.getBytesIn()));
    }
  }

  /** One connection. */
  private static final class Watch {

    /** Those under way: the next one may have begun before the end of one is told. */
    private int requests;

    private boolean isHeadAwaited = true;
    private long since;

    /** How many had been received when the last request was complete. */
    private long bytesBefore;

    Watch(long now) {
      since = now;
    }

    synchronized void begin() {
      requests++;
      isHeadAwaited = false;
    }

    synchronized void end(long bytes) {
      requests--;
      bytesBefore = bytes;
    }

    synchronized void beginAnew(long now) {
      since = now;
    }

    synchronized boolean isLate(long now, long bytes, long timeoutNanos) {
      if (!isHeadAwaited && requests == 0 && bytes > bytesBefore) {
        isHeadAwaited = true;
        since = now;
      }
      return isHeadAwaited && now - since > timeoutNanos;
    }
  }
}
