package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.pipely.PipelyBuilder;
import io.pipely.PipelyListener;
import io.pipely.testing.Logs;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/**
 * No password, no token and no server key is in any log, answer, event or figure. What a container
 * logs of requests that it refuses, and its own error pages, are its affair.
 */
public interface SecretsContract extends FramingContract {

  /** What logs in full what clients send, and is to be silenced: see SECURITY.md. */
  String TELLTALE = "org.eclipse.jetty.util.HostPort";

  /**
   * Ours at every level there is; of the server beneath, where it is ours, what it says by itself.
   */
  private Logs logs() {
    return isHttpOurs()
        ? Logs.under(Logger.ROOT_LOGGER_NAME, Level.INFO)
        : Logs.under("io.pipely", Level.TRACE);
  }

  @Test
  default void noSecretIsInALogAnAnswerAnEventOrAFigure() throws Exception {
    try (Logs logs = logs();
        Logs silenced = Logs.under(TELLTALE, Level.ERROR);
        Logs ours = Logs.under("io.pipely", Level.TRACE)) {
      ServedPipely served = serveBy(rules -> rules.serverKey(Canaries.SERVER_KEY));

      List<Http.Response> answers = useAndMisuse(served);

      assertTrue(answers.size() > 100, () -> answers.size() + " answers");
      for (Http.Response answer : answers) {
        if (isHttpOurs() || !answer.headers().all("Pipely-Error").isEmpty()) {
          assertShowsNone(answer.toString());
        }
      }
      assertShowsNone(served.pipely().stats().toString());
      assertShowsNone(threadNames());
      assertTrue(ours.everything().contains("malformed_query"), "something is logged");
      for (Logs each : List.of(ours, logs, silenced)) {
        assertShowsNone(each.everything());
      }
    }
  }

  /** Without those of the clients, which are this test's own, and may be about to end. */
  private static String threadNames() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.startsWith("sse-client "))
        .collect(Collectors.joining(", "));
  }

  /** What such an exception says is the application's; what the request was is not added. */
  @Test
  default void noSecretIsLoggedWhereTheApplicationFails() throws Exception {
    PipelyListener failing =
        new PipelyListener() {
          @Override
          public void joined(String channelId, String clientId) {
            throw new IllegalStateException("a listener that a test asked to fail");
          }
        };
    assertLogsNone(rules -> rules.listener(failing), "a listener that a test");
    assertLogsNone(
        rules ->
            rules.authorizer(
                (operation, verdict) -> {
                  throw new IllegalStateException("about " + operation);
                }),
        "about Operation");
  }

  private void assertLogsNone(UnaryOperator<PipelyBuilder> rules, String logged) throws Exception {
    try (Logs logs = logs();
        Logs silenced = Logs.under(TELLTALE, Level.ERROR);
        Logs ours = Logs.under("io.pipely", Level.TRACE)) {
      ServedPipely served = serveBy(rules);
      SseClient ann = served.open(Canaries.join("ann"));
      if (ann.status() == 200) {
        ann.upTo(connect("ann"));
      }
      new Canaries(served.uri()).send();
      await().atMost(Patience.ONE).until(() -> ours.everything().contains(logged));
      for (Logs each : List.of(ours, logs, silenced)) {
        assertShowsNone(each.everything());
      }
    }
  }

  private static List<Http.Response> useAndMisuse(ServedPipely served) throws Exception {
    SseClient ann = served.join(Canaries.join("ann"));
    ann.upTo(connect("ann"));
    SseClient again = served.join(Canaries.join("ann")); // This one takes its place.
    again.expect(Events.clientList("ann"));
    RawRequest publish = RawRequest.publish(event("chat", "ann", "1"));
    Answers.assertAccepted(served.ask(publish.password(Canaries.PASSWORD).token(Canaries.TOKEN)));
    Answers.assertAccepted(
        served.ask(
            RawRequest.publish(event("chat", "server", "1")).serverKey(Canaries.SERVER_KEY)));
    Http.Response look =
        served.ask(RawRequest.get("/channel/" + CHANNEL).password(Canaries.PASSWORD));
    assertEquals(200, look.status());
    assertShowsNone(look.toString());
    Http.Response channels = served.ask(RawRequest.get("/channels").serverKey(Canaries.SERVER_KEY));
    assertEquals(200, channels.status());
    assertShowsNone(channels.toString());
    List<Http.Response> answers = new Canaries(served.uri()).send();
    again.upTo(event("chat", "server", "1"));
    assertShowsNone(ann.frames().toString());
    assertShowsNone(again.frames().toString());
    assertShowsNone(again.toString().replaceAll("^GET \\S+", "")); // The client's own name.
    Answers.assertAccepted(served.ask(RawRequest.leave(CHANNEL, "ann", Canaries.TOKEN)));
    return answers;
  }

  private static void assertShowsNone(String text) {
    int at = text.indexOf(Canaries.WORD);
    assertFalse(
        at >= 0, () -> text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 100)));
  }
}
