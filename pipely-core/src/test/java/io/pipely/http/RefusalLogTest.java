package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.pipely.Pipely;
import io.pipely.Refusal;
import io.pipely.testing.Logs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator is told of what was refused. */
class RefusalLogTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // Soon it overflows.
  private final RefusalLog log = new RefusalLog(nanos::get);
  private final Logs logs = Logs.of(RefusalLog.class, Level.INFO);

  @AfterEach
  void close() {
    logs.close();
  }

  private static Request request(String method, String path) {
    return new Request(method, path, "password=canary", name -> null, new byte[0], "10.0.0.1");
  }

  private void letPass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void theFirstOfAKindIsALineAndTheOthersOfThatMinuteAreCountedInTheNext() {
    Request request = request("POST", "/publish");
    for (int i = 0; i < 1_000; i++) {
      log.refused(Refusal.WRONG_PASSWORD, request);
    }
    String end = " since the last such line; now POST /publish from 10.0.0.1";
    assertEquals(List.of("INFO refused: 401 wrong_password, 1" + end), logs.lines());
    letPass(Duration.ofMillis(59_999));
    log.refused(Refusal.WRONG_PASSWORD, request);
    assertEquals(1, logs.lines().size());
    letPass(Duration.ofMillis(1));
    log.refused(Refusal.WRONG_PASSWORD, request);
    assertEquals("INFO refused: 401 wrong_password, 1001" + end, logs.lines().get(1));
  }

  @Test
  void eachKindHasLinesOfItsOwn() {
    for (int i = 0; i < 3; i++) {
      for (Refusal why : Refusal.values()) {
        log.refused(why, request("GET", "/subscribe"));
      }
    }
    assertEquals(Refusal.values().length, logs.lines().size());
  }

  @Test
  void whatAClientWroteIsShortAndObeyedByNoTerminal() {
    log.refused(Refusal.UNKNOWN_ROUTE, request("GET", "/a\r\nINFO b\u001b[2J\u2028\u202e\\u{a}"));
    String line = logs.lines().get(0);
    assertTrue(
        line.contains("GET /a\\u{d}\\u{a}INFO b\\u{1b}[2J\\u{2028}\\u{202e}\\u{5c}u{a} from"),
        line);
    log.refused(Refusal.METHOD_NOT_ALLOWED, request("X".repeat(10_000), "/subscribe"));
    assertTrue(logs.lines().get(1).contains(" " + "X".repeat(100) + "... /subscribe"));
  }

  @Test
  void aQueryThatWasEscapedIntoThePathIsNotShown() {
    log.refused(Refusal.UNKNOWN_ROUTE, request("GET", "/subscribe?password=canary"));
    log.refused(Refusal.METHOD_NOT_ALLOWED, request("GET", "/subscribe;password=canary"));
    log.refused(Refusal.MALFORMED_REQUEST, request("GET", "/subscribe&password=canary"));
    log.refused(Refusal.MALFORMED_QUERY, request("GET", "/subscribe%3Fpassword%3Dcanary"));
    log.refused(Refusal.MALFORMED_BODY, request("GET", "/password=canary"));
    assertEquals(5, logs.lines().size());
    assertFalse(logs.lines().toString().contains("canary"));
  }

  /** Through the protocol: of each way in which a request can be refused there is a line. */
  @Test
  void noSecretIsInAnyLine() {
    try (Pipely pipely = Pipely.create()) {
      PipelyHttp http = PipelyHttp.of(pipely);
      String secrets = "password=canary-password&token=canary-token-0123456789";
      Map<String, String> headers =
          Map.of(
              "Authorization", "Password canary-password",
              "Pipely-Token", "canary-token-0123456789");
      String body = "{\"channel_id\":\"channel-0000\",\"type\":\"canary\",\"origin_id\":\"ann\"";
      ask(http, "GET", "/subscribe", secrets, headers, "");
      ask(http, "GET", "/subscribe", secrets + "&errors=event", headers, "");
      ask(http, "GET", "/subscribe", secrets + "&" + secrets, headers, "");
      ask(http, "GET", "/subscribe", secrets + "%", headers, "");
      ask(http, "POST", "/subscribe", secrets, headers, "");
      ask(http, "POST", "/publish", secrets, headers, body + ",canary");
      ask(http, "POST", "/publish", secrets, headers, body + ",\"payload\":\"canary\"}");
      ask(http, "POST", "/nowhere", secrets, headers, "canary");
    }
    String all = String.join("\n", logs.lines());
    for (String word :
        List.of(
            "400 invalid_channel_id",
            "400 repeated_parameter",
            "400 malformed_query",
            "405 method_not_allowed",
            "400 malformed_body",
            "404 no_such_channel",
            "404 unknown_route")) {
      assertTrue(all.contains("refused: " + word + ", 1 since"), () -> word + " in " + all);
    }
    assertFalse(all.contains("canary"), all);
    assertTrue(all.contains("GET /subscribe from 10.0.0.2"), all);
  }

  private static void ask(
      PipelyHttp http,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    http.handle(
        new Request(method, path, query, headers::get, bytes, "10.0.0.2"), new FakeResponder());
  }
}
