package io.pipely.endurance;

import static io.pipely.contract.Answers.assertAccepted;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Events;
import io.pipely.contract.Frames;
import io.pipely.contract.Headers;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.ReconnectingClient;
import io.pipely.contract.SseClient;
import io.pipely.contract.Tokens;
import io.pipely.testing.ProxyKind;
import io.pipely.testing.ProxyProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything passes through proxies as they are: at once, whole, and unchanged. */
@Tag("long")
@ParameterizedClass(name = "{0} to {1}")
@MethodSource("pairs")
class ProxiesIT {

  static final Path ROOT = Path.of("..");

  /** No sign of life comes while a test waits: it would push along what a proxy holds back. */
  private static final Map<String, String> SILENT =
      Map.of("grace", "60s", "keepBytes", "8MiB", "heartbeat", "45s");

  private static final Map<String, String> LIVELY = Map.of("grace", "60s", "heartbeat", "500ms");

  private static final AtomicInteger CHANNELS = new AtomicInteger();

  private static ServerProcess server;
  private static ProxyProcess proxy;

  /** So that nobody is in it who is left of another test. */
  private final String channel = "proxied-%04d".formatted(CHANNELS.incrementAndGet());

  private final List<SseClient> clients = new ArrayList<>();

  @Parameter(0)
  private ProxyKind proxyKind;

  @Parameter(1)
  private ServerKind serverKind;

  static Stream<Arguments> pairs() {
    return Stream.of(ProxyKind.values())
        .flatMap(proxy -> Stream.of(ServerKind.values()).map(kind -> Arguments.of(proxy, kind)));
  }

  @BeforeParameterizedClassInvocation
  static void start(ProxyKind proxyKind, ServerKind serverKind) throws IOException {
    proxyKind.require();
    server = ServerProcess.start(serverKind, SILENT);
    proxy = ProxyProcess.start(proxyKind, proxyKind.plain(ROOT), server.uri());
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void leave() throws IOException {
    for (SseClient client : clients) {
      client.close();
    }
  }

  @Test
  void theFirstFramesComeWithoutWaitingForMore() throws Exception {
    long start = System.nanoTime();
    SseClient ann = join("ann");
    ann.expect(list("ann"), connect("ann"));
    tell("first frames", start);
  }

  @Test
  void smallFramesComeOneByOne() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    long start = System.nanoTime();
    try (Http publisher = Http.connect(proxy.uri())) {
      for (int i = 0; i < 100; i++) {
        String event = chat(String.valueOf(i));
        assertAccepted(publisher.ask(RawRequest.publish(event)));
        ann.expect(event);
      }
    }
    tell("a hundred frames, one by one,", start);
  }

  @Test
  void aSignOfLifePasses() throws Exception {
    try (ServerProcess lively = ServerProcess.start(serverKind, LIVELY);
        ProxyProcess before = proxyOf(lively);
        SseClient ann = SseClient.open(before.uri(), subscribe("ann"))) {
      ann.upTo(connect("ann"));
      int frames = ann.frames().size();
      await().atMost(Patience.ONE).until(() -> ann.frames().size() > frames);
      assertTrue(Frames.event(ann.frames().get(frames)).isEmpty(), ann::toString);
    }
  }

  /** Who is not told at once learns it from the next signs of life, which fail. */
  @Test
  void theOthersSeeWhoLeaves() throws Exception {
    boolean isAtOnce = serverKind == ServerKind.JETTY && proxyKind.tellsOfEnds();
    try (ServerProcess seen = ServerProcess.start(serverKind, isAtOnce ? SILENT : LIVELY);
        ProxyProcess before = proxyOf(seen);
        SseClient ann = SseClient.open(before.uri(), subscribe("ann"))) {
      ann.upTo(connect("ann"));
      for (boolean isRude : new boolean[] {false, true}) {
        SseClient bob = SseClient.open(before.uri(), subscribe("bob"));
        clients.add(bob);
        bob.upTo(connect("bob"));
        ann.expect(connect("bob"));
        long start = System.nanoTime();
        if (isRude) {
          bob.abort();
        } else {
          bob.close();
        }
        ann.expect(event("DISCONNECT", "bob", "null"));
        tell("seen to leave" + (isRude ? " with a reset" : ""), start);
      }
    }
  }

  @Test
  void anEndInGoodOrderIsAnEndInGoodOrder() throws Exception {
    try (ServerProcess ending = ServerProcess.start(serverKind, SILENT);
        ProxyProcess before = proxyOf(ending);
        SseClient ann = SseClient.open(before.uri(), subscribe("ann"))) {
      ann.upTo(connect("ann"));
      ending.end();
      ann.expectEnd();
    }
  }

  @Test
  void aTakeoverEndsTheOldStream() throws Exception {
    SseClient old = open(subscribe("ann").token(Tokens.ANN));
    old.upTo(connect("ann"));
    SseClient next = open(subscribe("ann").token(Tokens.ANN));
    next.expect(list("ann"));
    old.expect(event("REPLACED", "server", "null"));
    old.expectEnd();
  }

  @Test
  void secretsPassAsHeaders() throws Exception {
    SseClient ann = open(subscribe("ann").password("a secret ü").token(Tokens.ANN));
    ann.expect(list("ann"), connect("ann"));
    assertEquals(401, open(subscribe("bob")).status());
    String first = chat("1");
    String second = chat("2");
    assertEquals(401, ask(RawRequest.publish(first).token(Tokens.ANN)).status());
    assertEquals(403, ask(RawRequest.publish(first).password("a secret ü")).status());
    for (String event : List.of(first, second)) {
      assertAccepted(ask(RawRequest.publish(event).password("a secret ü").token(Tokens.ANN)));
    }
    ann.expect(first);
    String last = ann.lastEventId();
    ann.expect(second);

    SseClient back =
        open(subscribe("ann").password("a secret ü").token(Tokens.ANN).lastEventId(last));
    back.expect(list("ann"), second);
  }

  @Test
  void theLongestBodyPasses() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String longest = chat(text((64 << 10) - chat(text(0)).length()));
    byte[] bytes = longest.getBytes(StandardCharsets.UTF_8);
    assertEquals(64 << 10, bytes.length);
    assertAccepted(ask(RawRequest.publish(bytes)));
    ann.expect(longest);
    assertAccepted(ask(RawRequest.of("POST", "/publish").chunkedBody(bytes)));
    ann.expect(longest);
  }

  @Test
  void aBurstArrivesWhole() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    List<String> events = new ArrayList<>();
    try (Http publisher = Http.connect(server.uri())) {
      for (int i = 0; i < 100; i++) {
        String event = chat("[" + i + "," + text(20_000) + "]");
        events.add(event);
        assertAccepted(publisher.ask(RawRequest.publish(event)));
      }
    }
    ann.expect(events.toArray(String[]::new));
  }

  /** What they would compress they would hold back, or make one lump of. */
  @Test
  void nothingIsMadeOfAStreamsHead() throws Exception {
    SseClient direct = SseClient.open(server.uri(), subscribe("bob"));
    clients.add(direct);
    SseClient ann = open(subscribe("ann").header("Accept-Encoding", "gzip, deflate, br"));
    ann.upTo(connect("ann"));
    assertEquals(List.of(), ann.headers().all("Content-Encoding"));
    for (String name : List.of("Content-Type", "Cache-Control", "Access-Control-Allow-Origin")) {
      assertEquals(direct.headers().all(name), ann.headers().all(name), name);
    }
  }

  @Test
  void refusalsPassUnchanged() throws Exception {
    open(subscribe("ann").password("secret").token(Tokens.ANN)).upTo(connect("ann"));
    List<RawRequest> refused =
        List.of(
            RawRequest.subscribe("short", "ann"),
            subscribe("bob"),
            subscribe("ann").password("secret"),
            RawRequest.publish("{"),
            RawRequest.publish(chat("1")),
            RawRequest.publish(chat("1")).password("secret"),
            RawRequest.publish(chat(text(64 << 10))),
            RawRequest.publish(Events.event("nobody-there", "chat", "ann", "1")),
            RawRequest.get("/publish"),
            RawRequest.get("/nothing"),
            RawRequest.get("/channels"));
    List<Integer> statuses = new ArrayList<>();
    for (RawRequest request : refused) {
      Http.Response direct = Http.once(server.uri(), request);
      Http.Response proxied = ask(request);
      statuses.add(direct.status());
      assertEquals(direct.status(), proxied.status(), request::toString);
      assertEquals(direct.text(), proxied.text());
      for (String name : namesIn(direct.headers())) {
        assertEquals(direct.headers().all(name), proxied.headers().all(name), name);
      }
    }
    assertEquals(List.of(400, 401, 400, 400, 401, 403, 413, 404, 405, 404, 403), statuses);
  }

  /** Those that are not the connection's, or the server's own. */
  private static List<String> namesIn(Headers headers) {
    List<String> names =
        Stream.of(
                "Pipely-Error",
                "Content-Type",
                "X-Content-Type-Options",
                "Access-Control-Allow-Origin",
                "Access-Control-Expose-Headers",
                "WWW-Authenticate",
                "Allow")
            .filter(name -> !headers.all(name).isEmpty())
            .toList();
    assertTrue(names.contains("Pipely-Error"), headers::toString);
    return names;
  }

  @Test
  void whomARestartCutsOffMissesNothing() throws Exception {
    try (ProxyProcess restarted = proxyOf(server);
        ReconnectingClient ann = ReconnectingClient.start(restarted.uri(), "ann")) {
      ann.await(Events.connect("ann"));
      List<String> events = new ArrayList<>(List.of(Events.connect("ann")));
      for (int i = 0; i < 4; i++) {
        String event = Events.event("chat", "publisher", String.valueOf(i));
        events.add(event);
        if (i == 1) {
          restarted.stop();
        }
        assertAccepted(Http.once(server.uri(), RawRequest.publish(event)));
        if (i == 2) {
          restarted.start();
        }
      }
      ann.await(events.get(events.size() - 1));
      ann.check();
      assertTrue(ann.connections() > 1, ann::toString);
      assertEquals(
          events, ann.received().stream().map(ReconnectingClient.Received::event).toList());
      RawRequest leave = RawRequest.leave(Events.CHANNEL, "ann", "the-token-of-ann");
      assertAccepted(Http.once(server.uri(), leave));
    }
  }

  @Test
  void aReloadLeavesStreamsAlone() throws Exception {
    try (ProxyProcess reloaded = proxyOf(server);
        SseClient ann = SseClient.open(reloaded.uri(), subscribe("ann"))) {
      ann.upTo(connect("ann"));
      reloaded.reload();
      try (SseClient bob = SseClient.open(reloaded.uri(), subscribe("bob"))) {
        bob.expect(list("ann", "bob"), connect("bob"));
        ann.expect(connect("bob"));
      }
    }
  }

  private void tell(String what, long start) {
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    System.out.println(proxyKind + " to " + serverKind + ": " + what + " after " + millis + " ms");
  }

  private ProxyProcess proxyOf(ServerProcess other) throws IOException {
    return ProxyProcess.start(proxyKind, proxyKind.plain(ROOT), other.uri());
  }

  private SseClient join(String clientId) throws IOException {
    return open(subscribe(clientId));
  }

  private SseClient open(RawRequest request) throws IOException {
    SseClient client = SseClient.open(proxy.uri(), request);
    clients.add(client);
    return client;
  }

  private static Http.Response ask(RawRequest request) throws IOException {
    return Http.once(proxy.uri(), request);
  }

  private RawRequest subscribe(String clientId) {
    return RawRequest.subscribe(channel, clientId);
  }

  private String event(String type, String originId, String payload) {
    return Events.event(channel, type, originId, payload);
  }

  private String list(String... ids) {
    return event("CLIENT_LIST", "server", Events.array(ids));
  }

  private String connect(String clientId) {
    return event("CONNECT", clientId, "null");
  }

  private String chat(String payload) {
    return event("chat", "ann", payload);
  }

  private static String text(int length) {
    return '"' + "x".repeat(length) + '"';
  }
}
