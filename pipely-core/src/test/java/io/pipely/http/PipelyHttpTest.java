package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Pipely;
import io.pipely.Stats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol without a server: requests in, answers out. */
class PipelyHttpTest {

  private static final String CHANNEL = "channel-0000";

  private final Pipely pipely = Pipely.builder().maxMembers(2).build();
  private PipelyHttp http = PipelyHttp.of(pipely);

  @AfterEach
  void close() {
    pipely.close();
  }

  private FakeResponder ask(String method, String path) {
    return ask(method, path, null, Map.of(), new byte[0]);
  }

  private FakeResponder ask(
      String method, String path, String query, Map<String, String> headers, byte[] body) {
    FakeResponder responder = new FakeResponder();
    http.handle(new Request(method, path, query, headers::get, body, "127.0.0.1"), responder);
    return responder;
  }

  private FakeResponder subscribe(String query) {
    return ask("GET", "/subscribe", query, Map.of(), new byte[0]);
  }

  private FakeResponder subscribe(String query, FakeSink sink) {
    FakeResponder responder = new FakeResponder(sink);
    http.handle(
        new Request("GET", "/subscribe", query, name -> null, new byte[0], null), responder);
    return responder;
  }

  private FakeResponder publish(String body, Map<String, String> headers) {
    return ask("POST", "/publish", null, headers, body.getBytes(UTF_8));
  }

  private static String event(String type) {
    return "{\"channel_id\":\"" + CHANNEL + "\",\"type\":\"" + type + "\",\"origin_id\":\"alice\"}";
  }

  private static void assertRefused(
      FakeResponder responder, int status, String word, String message) {
    assertEquals(message + "\n", responder.body());
    assertEquals(status, responder.status());
    assertEquals(word, responder.header("Pipely-Error"));
    assertEquals("text/plain; charset=utf-8", responder.header("Content-Type"));
    assertEquals("nosniff", responder.header("X-Content-Type-Options"));
    assertEquals("*", responder.header("Access-Control-Allow-Origin"));
    assertFalse(responder.isStream());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/Subscribe",
        "/subscribe/",
        "/subscribe/x",
        "//subscribe",
        "/publish/",
        "/channel/",
        "/channel/a/b",
        "/channels/",
        "/leave/",
        "/pipely-tabs.js",
        "/pipely.js", // Since pipely-js is not on this module's class path.
        "/favicon.ico"
      })
  void anUnknownRouteIsNotFoundByWhateverMethod(String path) {
    assertFalse(http.knows(path));
    for (String method : List.of("GET", "POST", "OPTIONS", "BREW")) {
      assertRefused(ask(method, path), 404, "unknown_route", "no such route");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/subscribe,GET",
    "/publish,POST",
    "/leave,POST",
    "/channels,GET",
    "/channel,GET",
    "/channel/abc,GET"
  })
  void anotherMethodIsNotAllowedAndTheAnswerSaysWhichIs(String path, String method) {
    assertTrue(http.knows(path));
    for (String other : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "get", "BREW")) {
      if (!other.equals(method)) {
        FakeResponder responder = ask(other, path);
        assertRefused(responder, 405, "method_not_allowed", "method is not allowed here");
        assertEquals(method + ", OPTIONS", responder.header("Allow"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/subscribe,GET",
    "/publish,POST",
    "/leave,POST",
    "/channels,GET",
    "/channel,GET",
    "/channel/abc,GET"
  })
  void everyRouteAnswersAPreflight(String path, String method) {
    FakeResponder responder = ask("OPTIONS", path);
    assertEquals(204, responder.status());
    assertEquals("", responder.body());
    assertEquals("*", responder.header("Access-Control-Allow-Origin"));
    assertEquals(method + ", OPTIONS", responder.header("Access-Control-Allow-Methods"));
    assertEquals("86400", responder.header("Access-Control-Max-Age"));
    List<String> allowed = List.of(responder.header("Access-Control-Allow-Headers").split(", *"));
    assertTrue(allowed.containsAll(List.of("Authorization", "Content-Type", "Last-Event-ID")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/channel", "/channel/abc", "/channel/channel-0000", "/channel/ \u00e9"})
  void aChannelThatDoesNotExistIsNotFound(String path) {
    assertRefused(ask("GET", path), 404, "no_such_channel", "channel with given id does not exist");
  }

  @Test
  void aStreamBeginsAtOnceWithItsHeadersAndFirstFrames() {
    FakeResponder responder = subscribe("channelId=channel-0000&clientId=alice");
    assertTrue(responder.isStream());
    assertEquals(200, responder.status());
    assertEquals("text/event-stream", responder.header("Content-Type"));
    assertEquals("no-cache, no-transform", responder.header("Cache-Control"));
    assertEquals("no", responder.header("X-Accel-Buffering"));
    assertEquals("*", responder.header("Access-Control-Allow-Origin"));
    String text = responder.sink().text();
    String epoch = text.replaceFirst("(?s).*?\nid: (\\w+)-0\n.*", "$1");
    assertEquals(
        "id: "
            + epoch
            + "-0\ndata: {\"channel_id\":\"channel-0000\",\"type\":\"CLIENT_LIST\","
            + "\"origin_id\":\"server\",\"payload\":[\"alice\"]}\n\nid: "
            + epoch
            + "-1\ndata: {\"channel_id\":\"channel-0000\",\"type\":\"CONNECT\",\"origin_id\":\"alice\","
            + "\"payload\":null}\n\n",
        text.replaceFirst("^retry: [0-9]+\n", ""));
  }

  @Test
  void aPublisherIsAnsweredWithNothingAndTheEventGoesToAll() {
    FakeResponder alice = subscribe("channelId=channel-0000&clientId=alice");
    FakeResponder answer =
        publish(
            "{\"channel_id\":\"channel-0000\",\"type\":\"chat\",\"origin_id\":\"alice\","
                + "\"payload\":{\"n\": 1.10}}",
            Map.of());
    assertEquals(200, answer.status());
    assertEquals("", answer.body());
    assertTrue(
        alice
            .sink()
            .text()
            .endsWith(
                "data: {\"channel_id\":\"channel-0000\",\"type\":\"chat\",\"origin_id\":\"alice\","
                    + "\"payload\":{\"n\":1.10}}\n\n"));
  }

  @Test
  void refusalsOfTheRulesReachTheClient() {
    assertRefused(
        subscribe(null), 400, "invalid_channel_id", "channel id must be twelve characters long");
    assertRefused(
        subscribe("channelId=channel-0000"),
        400,
        "client_id_too_short",
        "client id must not be shorter than three characters");
    assertRefused(
        publish(event("chat"), Map.of()),
        404,
        "no_such_channel",
        "channel with given id does not exist");
    assertRefused(
        publish("1", Map.of()),
        400,
        "malformed_body",
        "body must be one JSON object: it begins with another kind of value");
    assertRefused(
        subscribe("channelId=%"),
        400,
        "malformed_query",
        "query must be percent-encoded UTF-8: it has a bad percent escape");
    assertEquals(new Stats(0, 0), pipely.stats());
  }

  @Test
  void aWrongPasswordIsChallenged() {
    subscribe("channelId=channel-0000&clientId=alice&password=secret");
    for (FakeResponder responder :
        List.of(
            subscribe("channelId=channel-0000&clientId=bobby&password=wrong"),
            publish(event("chat"), Map.of()),
            publish(event("chat"), Map.of("Authorization", "Password wrong")))) {
      assertRefused(responder, 401, "wrong_password", "invalid channel password");
      assertEquals("Password realm=\"channel\"", responder.header("WWW-Authenticate"));
    }
    assertEquals(200, publish(event("chat"), Map.of("Authorization", "Password secret")).status());
  }

  @Test
  void whatIsTemporaryCanBeTriedAgain() {
    subscribe("channelId=channel-0000&clientId=alice");
    subscribe("channelId=channel-0000&clientId=bobby");
    FakeResponder full = subscribe("channelId=channel-0000&clientId=carol");
    assertRefused(full, 503, "channel_full", "channel has as many members as it may have");
    assertEquals("5", full.header("Retry-After"));
    pipely.close();
    FakeResponder closed = publish(event("chat"), Map.of());
    assertRefused(closed, 503, "shutting_down", "server is shutting down");
    assertEquals("5", closed.header("Retry-After"));
  }

  @Test
  void whoAsksTooMuchIsHeldBackAheadOfAllOtherChecks() {
    FakeLimiter limiter = new FakeLimiter();
    http = PipelyHttp.builder(pipely).limiter(limiter).build();
    limiter.wait = Duration.ofMillis(1001);
    for (FakeResponder responder :
        List.of(
            subscribe("channelId=%"),
            publish("1", Map.of()),
            ask("POST", "/publish", null, Map.of(), null),
            ask("POST", "/leave"),
            ask("GET", "/channels"))) {
      assertRefused(responder, 429, "rate_limited", "too many requests from this address");
      assertEquals("2", responder.header("Retry-After"));
    }
    assertEquals(List.of(true, false, false, false, false), limiter.requests);
    assertEquals(204, ask("OPTIONS", "/subscribe").status());
    assertEquals(404, ask("GET", "/unknown").status());
    assertEquals(405, ask("PUT", "/publish").status());
    assertEquals(5, limiter.requests.size(), "what is no request of the protocol's is not counted");
  }

  @Test
  void whoHasGuessedTooOftenIsHeldBackEvenWithTheRightPassword() {
    FakeLimiter limiter = new FakeLimiter();
    http = PipelyHttp.builder(pipely).limiter(limiter).build();
    subscribe("channelId=channel-0000&clientId=alice&password=secret");
    String array = "[" + event("chat") + "," + event("chat") + "]";
    Map<String, String> wrong = Map.of("Authorization", "Password wrong");
    Map<String, String> right = Map.of("Authorization", "Password secret");
    List<FakeResponder> guesses =
        List.of(
            subscribe("channelId=channel-0000&clientId=bobby&password=wrong"),
            publish(event("chat"), wrong),
            publish(array, wrong),
            ask("GET", "/channel/channel-0000", null, wrong, new byte[0]));
    for (FakeResponder guess : guesses) {
      assertEquals(401, guess.status());
    }
    assertEquals(List.of(CHANNEL, CHANNEL, CHANNEL, CHANNEL), limiter.wrong);
    assertEquals(200, publish(event("chat"), right).status());

    limiter.blocked = CHANNEL;
    for (FakeResponder responder :
        List.of(
            subscribe("channelId=channel-0000&clientId=bobby&password=secret"),
            publish(event("chat"), right),
            publish(array, right),
            ask("GET", "/channel/channel-0000", null, right, new byte[0]),
            ask("GET", "/channel", "channelId=channel-0000", right, new byte[0]))) {
      assertRefused(
          responder, 429, "too_many_wrong_passwords", "too many wrong passwords from this address");
      assertEquals("6", responder.header("Retry-After"));
    }
    assertEquals(4, limiter.wrong.size());
    assertTrue(subscribe("channelId=channel-0001&clientId=bobby").isStream());
  }

  @Test
  void aBodyTooLongIsRefusedUnread() {
    http = PipelyHttp.builder(pipely).maxBody(10).build();
    assertEquals(10, http.maxBody());
    assertRefused(
        ask("POST", "/publish", null, Map.of(), null), 413, "body_too_large", "body is too large");
  }

  @Test
  void theBoundOfABodyIsAtLeastOneByte() {
    assertEquals(64 << 10, http.maxBody());
    PipelyHttp.Builder builder = PipelyHttp.builder(pipely);
    assertThrows(IllegalArgumentException.class, () -> builder.maxBody(0));
  }

  @Test
  void aChannelMustBeAbleToKeepFourBodies() {
    try (Pipely small = Pipely.builder().keep(40, Duration.ofMinutes(1)).build()) {
      assertEquals(10, PipelyHttp.of(small).maxBody()); // What is not given is what goes with it.
      assertEquals(10, PipelyHttp.builder(small).maxBody(10).build().maxBody());
      PipelyHttp.Builder builder = PipelyHttp.builder(small).maxBody(11);
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
      assertEquals(
          "a channel must keep at least 44 bytes, 4 times a body's 11: 40", e.getMessage());
    }
  }

  @Test
  void originsCanBeChosen() {
    http = PipelyHttp.builder(pipely).allowedOrigins(List.of("https://a.example")).build();
    for (String path : List.of("/channels", "/unknown", "/subscribe")) {
      FakeResponder allowed =
          ask("GET", path, null, Map.of("Origin", "https://a.example"), new byte[0]);
      assertEquals("https://a.example", allowed.header("Access-Control-Allow-Origin"));
      assertEquals("Origin", allowed.header("Vary"));
      for (String other : List.of("https://b.example", "http://a.example", "null", "*")) {
        FakeResponder refused = ask("GET", path, null, Map.of("Origin", other), new byte[0]);
        assertEquals(List.of(), refused.headers("Access-Control-Allow-Origin"));
        assertEquals("Origin", refused.header("Vary"));
      }
    }
  }

  @Test
  void aClientThatHasGoneLeaves() {
    FakeResponder alice = subscribe("channelId=channel-0000&clientId=alice");
    FakeResponder bobby = subscribe("channelId=channel-0000&clientId=bobby");
    bobby.loseConnection();
    bobby.loseConnection();
    assertTrue(alice.sink().text().contains("\"DISCONNECT\",\"origin_id\":\"bobby\""));
    assertEquals(List.of("aborted"), bobby.sink().ends());
    assertEquals(new Stats(1, 1), pipely.stats());
  }

  @Test
  void aFailedWriteIsTheEndOfAStreamAndItIsReset() {
    FakeSink sink = new FakeSink(true);
    subscribe("channelId=channel-0000&clientId=alice", sink);
    sink.complete(new IOException("a test's"));
    assertEquals(List.of("aborted"), sink.ends());
    assertEquals(new Stats(0, 0), pipely.stats());
  }

  @Test
  void whileAWriteIsUnderWayNothingIsWrittenAndThenEverythingAtOnce() {
    FakeSink sink = new FakeSink(true);
    subscribe("channelId=channel-0000&clientId=alice", sink);
    for (int n = 0; n < 5; n++) {
      assertEquals(200, publish(event("chat-" + n), Map.of()).status());
    }
    assertEquals(1, sink.writes().size());
    sink.complete(null);
    assertEquals(2, sink.writes().size());
    assertTrue(sink.text().contains("\"chat-0\"") && sink.text().contains("\"chat-4\""));
  }

  @Test
  void closingEndsStreamsCleanly() {
    FakeResponder alice = subscribe("channelId=channel-0000&clientId=alice");
    pipely.close();
    assertEquals(List.of("ended"), alice.sink().ends());
    String text = alice.sink().text();
    assertTrue(text.matches("(?s).*\n\nretry: [0-9]+\n\n"), text);
  }

  @Test
  void whileTheServerShutsDownAStreamIsOneTimeToComeBack() {
    pipely.close();
    FakeResponder late = subscribe("channelId=channel-0000&clientId=alice&errors=event");
    assertFalse(late.isStream());
    assertEquals(200, late.status());
    assertEquals("text/event-stream", late.header("Content-Type"));
    assertEquals("*", late.header("Access-Control-Allow-Origin"));
    assertTrue(late.body().matches("retry: [0-9]+\n\n"), late.body());
    assertRefused(
        subscribe("channelId=short&clientId=alice"),
        400,
        "invalid_channel_id",
        "channel id must be twelve characters long");
    for (String path : List.of("/channel/channel-0000", "/publish", "/leave")) {
      String method = path.startsWith("/channel") ? "GET" : "POST";
      String body =
          "{\"channel_id\":\"channel-0000\",\"client_id\":\"alice\",\"origin_id\":\"alice\","
              + "\"type\":\"chat\",\"token\":\"0123456789abcdef\"}";
      assertRefused(
          ask(method, path, null, Map.of(), body.getBytes(UTF_8)),
          503,
          "shutting_down",
          "server is shutting down");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channelId=short&errors=event|short|400|invalid_channel_id",
        "errors=event||400|invalid_channel_id",
        "channelId=channel-0000&errors=event|channel-0000|400|client_id_too_short",
        "channelId=%C3%A9%22%0A%5C&errors=event|é\\\"\\n\\\\|400|invalid_channel_id",
        "channelId=%&errors=event||400|malformed_query",
        "channelId=abc&x=%zz&errors=event|abc|400|malformed_query",
        "channelId=abc&channelId=def&errors=event|abc|400|repeated_parameter",
        "errors=event&channelId=abc&errors=event|abc|400|repeated_parameter",
        "channelId=abc&%65rrors=even%74&history=x|abc|400|invalid_history",
        "channelId=abc&errors=event&presence=all|abc|400|invalid_presence",
      })
  void whoAsksForItIsToldByAnEventWhyItIsRefused(
      String query, String channelId, int status, String word) {
    FakeResponder refused = subscribe(query);
    assertFalse(refused.isStream());
    assertEquals(200, refused.status());
    assertEquals("text/event-stream", refused.header("Content-Type"));
    assertEquals("*", refused.header("Access-Control-Allow-Origin"));
    assertEquals(word, refused.header("Pipely-Error"));
    String begin =
        "data: {\"channel_id\":\""
            + (channelId == null ? "" : channelId)
            + "\",\"type\":\"REFUSED\",\"origin_id\":\"server\",\"payload\":{\"status\":"
            + status
            + ",\"error\":\""
            + word
            + "\",\"message\":\"";
    String event = refused.body().replaceFirst("^retry: [0-9]+\n", "");
    assertTrue(event.startsWith(begin) && event.endsWith("\"}}\n\n"), event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"errors", "errors=", "errors=Event", "Errors=event", "errors=event%20"})
  void anythingElseAsksForNoEvent(String parameter) {
    assertRefused(
        subscribe(parameter),
        400,
        "invalid_channel_id",
        "channel id must be twelve characters long");
  }
}
