package io.pipely.example.standalone;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Limits by address, over real sockets. */
class AddressLimiterTest {

  private static final String OTHER_CHANNEL = "channel-9999";

  private final ManualTicker ticker = new ManualTicker();
  private final LimitedServer server =
      new LimitedServer(Pipely.create(), new RateLimit(3, 20), ticker, "");

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static RawRequest subscribe(String clientId) {
    return RawRequest.subscribe(CHANNEL, clientId);
  }

  private static RawRequest publish(String channelId) {
    return RawRequest.publish(event("chat", "ann", "1").replace(CHANNEL, channelId));
  }

  private static void assertLimited(int seconds, Http.Response response) {
    assertRefused(429, "rate_limited", "too many requests from this address", response);
    assertEquals(String.valueOf(seconds), response.headers().only("Retry-After"));
  }

  private static void assertBlocked(int seconds, Http.Response response) {
    assertRefused(
        429, "too_many_wrong_passwords", "too many wrong passwords from this address", response);
    assertEquals(String.valueOf(seconds), response.headers().only("Retry-After"));
  }

  @Test
  void anAddressMaySubscribeSoManyTimesASecond() throws Exception {
    SseClient ann = server.join(subscribe("ann"));
    server.join(subscribe("bob"));
    assertEquals(400, server.ask(subscribe("bob")).status(), "what is refused counts");
    assertLimited(1, server.ask(subscribe("eve")));

    assertAccepted(server.ask(publish(CHANNEL))); // This has a limit of its own.
    ann.upTo(event("chat", "ann", "1")); // A stream that is open goes on.
    ticker.advance(Duration.ofMillis(334));
    server.join(subscribe("eve"));
    assertLimited(1, server.ask(subscribe("zoe")));
  }

  @Test
  void allOtherRequestsTogetherHaveALimitToo() throws Exception {
    server.join(subscribe("ann"));
    for (int i = 0; i < 17; i++) {
      assertAccepted(server.ask(publish(CHANNEL)));
    }
    assertEquals(200, server.ask(RawRequest.get("/channel/" + CHANNEL)).status());
    assertEquals(403, server.ask(RawRequest.get("/channels")).status());
    assertEquals(400, server.ask(RawRequest.leave("{}")).status());

    assertLimited(1, server.ask(publish(CHANNEL)));
    assertLimited(1, server.ask(RawRequest.get("/channel/" + CHANNEL)));
    assertLimited(1, server.ask(RawRequest.get("/channels")));
    assertLimited(1, server.ask(RawRequest.leave("{}")));
    assertEquals(204, server.ask(RawRequest.of("OPTIONS", "/publish")).status());
    server.join(subscribe("bob"));

    ticker.advance(Duration.ofMillis(50));
    assertAccepted(server.ask(publish(CHANNEL)));
    assertLimited(1, server.ask(publish(CHANNEL)));
  }

  /** All of 127.0.0.0/8 is this machine, on Linux. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void oneAddressDoesNotUseUpWhatAnotherMayAskFor() throws Exception {
    server.join(subscribe("ann"));
    for (int i = 0; i < 20; i++) {
      assertAccepted(server.ask(publish(CHANNEL)));
    }
    assertLimited(1, server.ask(publish(CHANNEL)));
    assertAccepted(server.askFrom("127.0.0.2", publish(CHANNEL)));
    assertLimited(1, server.ask(publish(CHANNEL)));
  }

  @Test
  void afterTenWrongPasswordsTheRightOneIsRefusedTooUntilTheTimeIsOver() throws Exception {
    server.join(RawRequest.subscribe(CHANNEL, "ann", "secret"));
    server.join(RawRequest.subscribe(OTHER_CHANNEL, "ann", "secret"));
    RawRequest right = publish(CHANNEL).password("secret");
    assertEquals(401, server.ask(RawRequest.subscribe(CHANNEL, "bob", "wrong")).status());
    for (int i = 0; i < 8; i++) {
      assertEquals(401, server.ask(publish(CHANNEL).password("wrong-" + i)).status());
      assertAccepted(server.ask(right)); // Being right in between makes up for nothing.
    }
    assertEquals(401, server.ask(RawRequest.get("/channel/" + CHANNEL)).status());

    ticker.advance(Duration.ofSeconds(5)); // The limit of requests is another matter.
    assertBlocked(1, server.ask(right));
    assertBlocked(1, server.ask(RawRequest.subscribe(CHANNEL, "bob", "secret")));
    assertBlocked(1, server.ask(RawRequest.get("/channel/" + CHANNEL).password("secret")));
    assertAccepted(server.ask(publish(OTHER_CHANNEL).password("secret")));

    ticker.advance(Duration.ofSeconds(1));
    assertAccepted(server.ask(right));
    assertEquals(401, server.ask(publish(CHANNEL).password("wrong")).status());
    assertBlocked(6, server.ask(right));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoGuessesLocksNobodyElseOut() throws Exception {
    server.join(RawRequest.subscribe(CHANNEL, "ann", "secret"));
    for (int i = 0; i < 10; i++) {
      assertEquals(401, server.ask(publish(CHANNEL).password("wrong-" + i)).status());
    }
    assertBlocked(6, server.ask(publish(CHANNEL).password("secret")));
    assertAccepted(server.askFrom("127.0.0.2", publish(CHANNEL).password("secret")));
  }
}
