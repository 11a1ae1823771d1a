package io.pipely.jetty;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the deadline makes of a server that is late itself. */
class HeadDeadlinesTest {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final Server server = new Server();
  private final CountDownLatch mayRead = new CountDownLatch(1);
  private final AtomicInteger opened = new AtomicInteger();

  @AfterEach
  void stop() throws Exception {
    mayRead.countDown();
    server.stop();
  }

  /** Whose one selector sleeps, when there is something to be read, until it may. */
  private final class SleepingConnector extends ServerConnector {

    SleepingConnector() {
      super(server, 1, 1);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      Scheduler timer = getScheduler();
      SocketChannelEndPoint endPoint =
          new SocketChannelEndPoint(channel, selector, key, timer) {
            @Override
            public Runnable onSelected() {
              try {
                mayRead.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return super.onSelected();
            }
          };
      endPoint.setIdleTimeout(getIdleTimeout());
      return endPoint;
    }
  }

  private URI start() throws Exception {
    ServerConnector connector = new SleepingConnector();
    connector.setHost("127.0.0.1");
    connector.addBean(
        new Connection.Listener() {
          @Override
          public void onOpened(Connection connection) {
            opened.incrementAndGet();
          }
        });
    server.addConnector(connector);
    Handler handler =
        new Handler.Abstract.NonBlocking() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            return true;
          }
        };
    server.setHandler(HeadDeadlines.install(connector, DEADLINE, handler));
    server.start();
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Test
  void aHeadThatTheServerHasHadNoTimeToReadIsNotLate() throws Exception {
    URI uri = start();
    try (Http punctual = Http.connect(uri);
        Http silent = Http.connect(uri)) {
      await().atMost(Patience.ONE).until(() -> opened.get() == 2);
      punctual.send(RawRequest.get("/").bytes(uri));

      assertThrows(AssertionError.class, () -> silent.answerTo("GET"), "no answer, but the end");
      mayRead.countDown(); // The time of both was up.
      assertEquals(200, punctual.answerTo("GET").status());
    }
  }
}
