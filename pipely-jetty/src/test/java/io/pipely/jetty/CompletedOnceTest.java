package io.pipely.jetty;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A handler around ours may wrap the callback of a request, and count by it: it is completed once,
 * however a stream ends.
 */
@Timeout(60)
class CompletedOnceTest {

  private static final Duration STALL = Duration.ofSeconds(20);

  /** What becomes of a stream that was just opened. */
  private enum Fate {
    ENDED {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        sink.end(bytes());
      }
    },
    ENDED_TOO_LATE {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        endPoint.close();
        sink.end(bytes());
      }
    },
    ABORTED {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        sink.abort();
      }
    },
    ABORTED_AFTER_ITS_END {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        sink.end(bytes());
        sink.abort();
      }
    },
    WRITTEN_AND_ABORTED {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        sink.write(bytes(), failure -> {});
        sink.abort();
      }
    },
    WRITTEN_TOO_LATE {
      @Override
      void befall(JettySink sink, EndPoint endPoint) {
        endPoint.close();
        sink.write(bytes(), failure -> {});
      }
    };

    abstract void befall(JettySink sink, EndPoint endPoint);

    private static ByteBuffer bytes() {
      return ByteBuffer.wrap(new byte[] {':', '\n', '\n'});
    }
  }

  /** Counts how often it is completed. */
  private static final class Counting extends Callback.Nested {

    private final AtomicInteger completions = new AtomicInteger();

    Counting(Callback callback) {
      super(callback);
    }

    @Override
    public void succeeded() {
      completions.incrementAndGet();
      super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
      completions.incrementAndGet();
      super.failed(failure);
    }
  }

  private static final class Streaming extends Handler.Abstract {

    private final boolean isTakenOver;
    private final Fate fate;
    private volatile Counting callback;

    Streaming(boolean isTakenOver, Fate fate) {
      this.isTakenOver = isTakenOver;
      this.fate = fate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback next) {
      Counting counting = new Counting(next);
      JettySink sink =
          isTakenOver
              ? TakenOverSink.open(request, response, counting, STALL, () -> {})
              : ResponseSink.open(request, response, counting, STALL, () -> {});
      fate.befall(sink, request.getConnectionMetaData().getConnection().getEndPoint());
      callback = counting;
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, ENDED",
    "true, ENDED_TOO_LATE",
    "true, ABORTED",
    "true, ABORTED_AFTER_ITS_END",
    "true, WRITTEN_AND_ABORTED",
    "true, WRITTEN_TOO_LATE",
    "false, ENDED",
    "false, ENDED_TOO_LATE",
    "false, ABORTED",
    "false, ABORTED_AFTER_ITS_END",
    "false, WRITTEN_AND_ABORTED",
    "false, WRITTEN_TOO_LATE"
  })
  void theRequestIsCompletedOnce(boolean isTakenOver, Fate fate) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    Streaming streaming = new Streaming(isTakenOver, fate);
    server.setHandler(streaming);
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    try (SseClient client = SseClient.open(uri, RawRequest.get("/"))) {
      await().until(() -> streaming.callback != null && streaming.callback.completions.get() > 0);
      client.awaitEnd();
    } finally {
      server.stop(); // Waits for what is still going on.
    }
    assertEquals(1, streaming.callback.completions.get());
  }
}
