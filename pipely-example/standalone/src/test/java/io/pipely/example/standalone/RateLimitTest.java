package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The launcher's settings have the effect that they should. */
class RateLimitTest {

  private static final RawRequest LOOK = RawRequest.get("/channels");

  private static StandaloneServer start(Map<String, String> more) {
    Map<String, String> address = Map.of("ADDRESS", "127.0.0.1:0");
    return StandaloneServer.start(Settings.of(address, more));
  }

  @Test
  void isOffUnlessItIsSet() throws Exception {
    try (StandaloneServer server = start(Map.of())) {
      for (int i = 0; i < 500; i++) {
        assertEquals(403, Http.once(server.uri(), LOOK).status());
      }
    }
  }

  /** A second may pass between two requests, but not between all of them. */
  @Test
  void holdsBackWhoAsksTooMuchButNotWhoLooksAtPagesOrAtTheHealth() throws Exception {
    Map<String, String> settings =
        Map.of("PIPELY_RATE_LIMIT", "1/1", "PIPELY_TRUSTED_PROXIES", "127.0.0.1");
    try (StandaloneServer server = start(settings)) {
      await().until(() -> Http.once(server.uri(), LOOK).status() == 429);
      RawRequest other = LOOK.header("Forwarded", "for=192.0.2.7");
      assertEquals(403, Http.once(server.uri(), other).status());
      for (int i = 0; i < 10; i++) {
        for (String path : new String[] {"/health", "/", "/chat.js"}) {
          assertEquals(200, Http.once(server.uri(), RawRequest.get(path)).status());
        }
      }
    }
  }
}
