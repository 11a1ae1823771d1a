package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.http.PipelyHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a whole server bounds besides what the protocol does. */
@Timeout(60)
class PipelyServerTest {

  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofDays(1);

  private final Pipely pipely = Pipely.create();
  private final PipelyServer.Builder builder =
      PipelyServer.builder(pipely)
          .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private PipelyServer server;

  private void start(PipelyServer.Builder options) {
    server = options.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    pipely.close();
  }

  @Test
  void timesMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> builder.headTimeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> builder.bodyTimeout(SHORT.negated()));
  }

  @Test
  void aHeadMayHaveNearly16KiB() throws Exception {
    start(builder);
    String text = "x".repeat(15 << 10);
    assertEquals(404, Http.once(server.uri(), RawRequest.get("/unknown?" + text)).status());
    assertEquals(
        404, Http.once(server.uri(), RawRequest.get("/unknown").header("X", text)).status());
  }

  @Test
  void aLongerOneIsRefusedInTheProtocolsForm() throws Exception {
    start(builder);
    String text = "x".repeat(16 << 10);
    assertRefused(
        Http.once(server.uri(), RawRequest.get("/subscribe?" + text)),
        414,
        "uri_too_long",
        "uri is too long\n");
    assertRefused(
        Http.once(server.uri(), RawRequest.get("/subscribe").header("X", text)),
        431,
        "headers_too_large",
        "headers are too large\n");
  }

  @Test
  void whatElseJettyRefusesItSaysItself() throws Exception {
    start(
        builder
            .http(PipelyHttp.builder(pipely).allowedOrigins(List.of("https://a.example")).build())
            .otherwise(
                new Handler.Abstract() {
                  @Override
                  public boolean handle(Request request, Response response, Callback callback) {
                    Response.writeError(request, response, callback, 409, "my own words");
                    return true;
                  }
                }));
    Http.Response answer =
        Http.once(server.uri(), RawRequest.get("/mine").header("Accept", "text/plain"));
    assertEquals(409, answer.status());
    assertTrue(answer.text().contains("my own words"), answer::toString);
  }

  @Test
  void whatAHandlerThrowsIsNoFaultOfTheRequest() throws Exception {
    start(
        builder.otherwise(
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback) {
                throw new HttpException.RuntimeException(409, "my own words");
              }
            }));
    Http.Response answer = Http.once(server.uri(), RawRequest.get("/mine"));
    assertEquals(409, answer.status());
    assertEquals(List.of(), answer.headers().all("Pipely-Error"));
  }

  @Test
  void noErrorPageShowsTheQuery() throws Exception {
    start(
        builder.otherwise(
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback) {
                Response.writeError(request, response, callback, 409);
                return true;
              }
            }));
    for (String type : List.of("text/html", "text/plain", "application/json")) {
      RawRequest request = RawRequest.get("/mine?password=canary").header("Accept", type);
      Http.Response answer = Http.once(server.uri(), request);
      assertEquals(409, answer.status());
      assertTrue(answer.text().contains("/mine"), answer::toString);
      assertFalse(answer.text().contains("canary"), answer::toString);
    }
  }

  @Test
  void aConnectionWithoutAWholeHeadInTimeIsClosed() throws Exception {
    start(builder.headTimeout(SHORT));
    for (String begin : List.of("", "GET /channels HT", "GET /channels HTTP/1.1\r\nHost: x\r\n")) {
      try (Socket socket = socket()) {
        send(socket, begin);
        assertEquals(-1, socket.getInputStream().read(), begin);
      }
    }
  }

  @Test
  void theTimeOfALaterHeadRunsFromItsFirstByteOn() throws Exception {
    start(builder.headTimeout(SHORT));
    try (Http http = Http.connect(server.uri())) {
      for (int i = 0; i < 3; i++) {
        assertEquals(403, http.ask(RawRequest.get("/channels")).status());
        Thread.sleep(SHORT.multipliedBy(2).toMillis()); // No head has begun, so there is no hurry.
      }
      http.send("GET /channels HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThrows(AssertionError.class, () -> http.answerTo("GET"), "no answer, but the end");
    }
  }

  @Test
  void aBodyThatIsNotThereInTimeIsRefused() throws Exception {
    start(builder.bodyTimeout(SHORT).headTimeout(SHORT));
    for (String begin : List.of("", "{", "{\"channel_id\":")) {
      try (Http http = Http.connect(server.uri())) {
        String head = "POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
        http.send((head + begin).getBytes(StandardCharsets.US_ASCII));
        Http.Response answer = http.answerTo("POST");
        assertRefused(answer, 408, "body_too_slow", "body has not arrived in time\n");
        assertEquals(List.of("close"), answer.headers().all("Connection"));
        assertThrows(AssertionError.class, () -> http.answerTo("POST"), "the end");
      }
    }
  }

  /** The same as where it drips, though it is Jetty's idle timeout that tells. */
  @Test
  void aBodyOfWhichNothingComesMayAlsoMeetTheTimeOfIdleness() throws Exception {
    CompletableFuture<Boolean> isSet = new CompletableFuture<>();
    start(
        builder
            .bodyTimeout(LONG)
            .otherwise(
                new Handler.Abstract() {
                  @Override
                  public boolean handle(Request request, Response response, Callback callback) {
                    request
                        .getConnectionMetaData()
                        .getConnection()
                        .getEndPoint()
                        .setIdleTimeout(300);
                    isSet.complete(true);
                    callback.succeeded();
                    return true;
                  }
                }));
    try (Http http = Http.connect(server.uri())) {
      assertEquals(200, http.ask(RawRequest.get("/other")).status());
      assertTrue(isSet.get(10, TimeUnit.SECONDS));
      http.send(
          "POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
              .getBytes(StandardCharsets.US_ASCII));
      assertRefused(http.answerTo("POST"), 408, "body_too_slow", "body has not arrived in time\n");
    }
  }

  @Test
  void whatIsSlowAndInTimeIsServed() throws Exception {
    start(builder);
    byte[] request = RawRequest.publish(event("chat", "ann", "1")).bytes(server.uri());
    try (Http http = Http.connect(server.uri())) {
      for (byte b : request) {
        http.send(new byte[] {b});
        Thread.sleep(2);
      }
      assertEquals(404, http.answerTo("POST").status());
    }
  }

  @Test
  void openStreamsHaveAllTheTimeTheyWant() throws Exception {
    start(builder.headTimeout(SHORT).bodyTimeout(SHORT));
    RawRequest old = RawRequest.subscribe(CHANNEL, "old").body(new byte[1]); // Not taken over.
    try (SseClient ann = SseClient.open(server.uri(), RawRequest.subscribe(CHANNEL, "ann"));
        SseClient bob = SseClient.open(server.uri(), old)) {
      ann.upTo(connect("ann"));
      bob.upTo(connect("old"));
      Thread.sleep(SHORT.multipliedBy(4).toMillis());
      String event = event("chat", "ann", "1");
      assertEquals(200, Http.once(server.uri(), RawRequest.publish(event)).status());
      ann.upTo(event);
      bob.upTo(event);
    }
  }

  @Test
  void theSendBufferOfASocketIsSmall() throws Exception {
    CompletableFuture<Integer> size = new CompletableFuture<>();
    start(
        builder.otherwise(
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback)
                  throws Exception {
                Object socket =
                    request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
                size.complete(((SocketChannel) socket).getOption(StandardSocketOptions.SO_SNDBUF));
                callback.succeeded();
                return true;
              }
            }));
    assertEquals(200, Http.once(server.uri(), RawRequest.get("/other")).status());
    // Linux gives twice as much for its own records, and some versions of the JDK tell that.
    int kibibytes = size.get(10, TimeUnit.SECONDS) >> 10;
    assertTrue(kibibytes == 64 || kibibytes == 128, () -> kibibytes + " KiB");
  }

  private Socket socket() throws Exception {
    Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws Exception {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertRefused(Http.Response answer, int status, String word, String message) {
    assertEquals(status, answer.status(), answer::toString);
    assertEquals(List.of("*"), answer.headers().all("Access-Control-Allow-Origin"));
    assertEquals(List.of("text/plain; charset=utf-8"), answer.headers().all("Content-Type"));
    assertEquals(List.of(word), answer.headers().all("Pipely-Error"));
    assertEquals(message, answer.text());
  }
}
