package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Events;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.testing.ProxyKind;
import io.pipely.testing.ProxyProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits by address behind real proxies that are set up as the documents say. */
class ProxiedLimitsIT {

  private static final Path ROOT = Path.of("..", "..");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "ADDRESS", "127.0.0.1:0",
          "PIPELY_RATE_LIMIT", "1000/1000",
          "PIPELY_TRUSTED_PROXIES", "127.0.0.1",
          "PIPELY_WARM_UP", "0");

  /** Of the limits, the one of wrong passwords is the slowest to forget: one every 6 s. */
  private static final RawRequest GUESS =
      RawRequest.publish(Events.event("chat", "eve", "1")).password("guess");

  private static final int WRONG = 401;
  private static final int TOO_MANY = 429;

  @ParameterizedTest
  @EnumSource
  void clientsHaveLimitsOfTheirOwnAndNobodyGetsAnotherOneByForging(ProxyKind kind)
      throws Exception {
    try (LauncherProcess launcher = LauncherProcess.start(SETTINGS);
        ProxyProcess proxy = ProxyProcess.start(kind, kind.limits(ROOT), launcher.uri());
        SseClient ann =
            SseClient.open(launcher.uri(), RawRequest.subscribe(Events.CHANNEL, "ann", "secret"))) {
      ann.upTo(Events.connect("ann"));
      URI uri = proxy.uri();

      await().atMost(Patience.ONE).until(() -> guess(uri, "127.0.0.2", GUESS) == TOO_MANY);

      assertEquals(WRONG, guess(uri, "127.0.0.3", GUESS));
      assertOfNoUse(uri, i -> GUESS.header("X-Forwarded-For", "192.0.2." + i));
      assertOfNoUse(uri, i -> GUESS.header("Forwarded", "for=192.0.2." + i));
      assertOfNoUse(
          uri,
          i ->
              GUESS
                  .header("X-Forwarded-For", "192.0.2." + i)
                  .header("X-Forwarded-For", "192.0.2." + i + ", 127.0.0.1")
                  .header("Forwarded", "for=192.0.2." + i));
    }
  }

  /** Had each of them a limit of its own, not one would be refused. */
  private static void assertOfNoUse(URI proxy, IntFunction<RawRequest> forged) throws IOException {
    int refused = 0;
    for (int i = 1; i <= 30; i++) {
      refused += guess(proxy, "127.0.0.2", forged.apply(i)) == TOO_MANY ? 1 : 0;
    }
    assertTrue(refused > 0, () -> "forged, and never refused: " + forged.apply(1));
  }

  private static int guess(URI proxy, String from, RawRequest request) throws IOException {
    try (Http http = Http.connectFrom(IpAddress.parse(from).orElseThrow(), proxy)) {
      return http.ask(request).status();
    }
  }
}
