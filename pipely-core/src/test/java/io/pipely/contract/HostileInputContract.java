package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, it is told no worse than that it was its own fault. */
public interface HostileInputContract extends Contract {

  /** To repeat a failure, or to try something new: a system property. */
  long SEED = Long.getLong("pipely.contract.seed", 42);

  int HOSTILE_REQUESTS = 1000;

  /** HTTP has two of the 5xx say that the client asked for what does not exist. */
  Set<Integer> CLIENTS_FAULT = Set.of(501, 505);

  @Test
  default void noRequestMakesTheServerFailOrShowItsInsides() throws Exception {
    SseClient ann = join("ann-who-stays");
    ann.upTo(connect("ann-who-stays"));

    Together.run(
        4,
        thread -> {
          HostileRequests requests = new HostileRequests(SEED + thread, served().uri());
          for (int i = 0; i < HOSTILE_REQUESTS / 4; i++) {
            byte[] request = requests.next();
            try {
              assertHarmless(request);
            } catch (AssertionError e) {
              throw new AssertionError(
                  "request " + i + " of seed " + (SEED + thread) + ": " + text(request), e);
            }
          }
        });

    String event = event("last", "ann", "1");
    Answers.assertAccepted(publish(event));
    ann.upTo(event);
  }

  private void assertHarmless(byte[] request) throws Exception {
    try (Http http = Http.connect(served().uri())) {
      http.send(request);
      http.endOutput();
      String method = text(request).startsWith("HEAD") ? "HEAD" : "GET";
      Http.Response response = answerTo(http, method);
      if (response != null) {
        int status = response.status();
        assertTrue(status < 500 || CLIENTS_FAULT.contains(status), response::toString);
        String body = response.text();
        assertFalse(
            body.contains("\tat ") || body.toLowerCase(Locale.ROOT).contains("exception"),
            response::toString);
      }
    }
  }

  /**
   * Null where there is none, or not all of it: a server may reset a connection it reads no more.
   */
  private static Http.Response answerTo(Http http, String method) throws Exception {
    try {
      return http.nextAnswer(method);
    } catch (AssertionError e) {
      if (String.valueOf(e.getMessage()).startsWith("the answer has been cut short")) {
        return null;
      }
      throw e;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
