package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Pipely that is closed while the server still listens. */
public interface ShutdownContract extends Contract {

  String SHUT = "server is shutting down";

  @Test
  default void openStreamsEndWithATimeToComeBackAndNothingElse() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.expect(clientList("ann"), connect("ann"), connect("bob"));
    bob.upTo(connect("bob"));

    served().pipely().close(Patience.ONE);

    ann.expectEnd();
    bob.expectEnd();
    assertSaysWhenToComeBack(ann);
    assertSaysWhenToComeBack(bob);
  }

  /** By the last frame, which is that line alone. */
  private static void assertSaysWhenToComeBack(SseClient client) {
    List<List<String>> frames = client.frames();
    List<String> last = frames.get(frames.size() - 1);
    assertEquals(1, last.size(), last::toString);
    int millis = Frames.retry(last).orElseThrow(() -> new AssertionError(last));
    assertTrue(millis >= 1_000 && millis <= 10_000, last::toString);
  }

  @Test
  default void whatWasAcceptedReachesASlowReaderAheadOfTheEnd() throws Exception {
    // Several that share the channel do not stop in the same moment: this is said of one.
    URI server = served().uri();
    SseClient slow = served().open(server, RawRequest.subscribe(CHANNEL, "slow"), 16 << 10);
    slow.upTo(connect("slow"));
    slow.stopReading();
    List<String> accepted = new ArrayList<>();
    try (Http http = Http.connect(server)) {
      // As much as is kept: a part of it is in no socket's buffer yet.
      for (int i = 0; i < 16; i++) {
        String event = event("large", "ann", "\"" + i + "x".repeat(60_000) + "\"");
        Answers.assertAccepted(http.ask(RawRequest.publish(event)));
        accepted.add(event);
      }
      Thread closing = new Thread(() -> served().pipely().close(Patience.MANY), "closing");
      closing.start();
      String late = event("late", "ann", "1");
      Http.Response answer = http.ask(RawRequest.publish(late));
      while (answer.status() == 200) {
        accepted.add(late);
        answer = http.ask(RawRequest.publish(late));
      }
      Answers.assertRefused(503, "shutting_down", SHUT, answer);

      slow.resumeReading();
      slow.expect(accepted.toArray(String[]::new));
      slow.expectEnd();
      assertSaysWhenToComeBack(slow);
      closing.join(Patience.ONE.toMillis());
      assertEquals(Thread.State.TERMINATED, closing.getState());
    }
  }

  /** Any other status than 200 would be the end of it for a browser's EventSource. */
  @Test
  default void whoComesMeanwhileIsTurnedAwayInSuchAWayThatItComesBack() throws Exception {
    served().pipely().close(Duration.ZERO);

    for (RawRequest subscribe :
        List.of(
            RawRequest.subscribe(CHANNEL, "ann"),
            RawRequest.subscribe(CHANNEL, "ann").parameter("errors", "event"),
            Tokens.subscribe("ann", Tokens.ANN).lastEventId("epoch-1"))) {
      SseClient ann = join(subscribe);
      ann.expectEnd();
      assertEquals("no-cache, no-transform", ann.headers().only("Cache-Control"));
      assertEquals("*", ann.headers().only("Access-Control-Allow-Origin"));
      assertEquals(1, ann.frames().size(), ann::toString);
      assertSaysWhenToComeBack(ann);
    }
    for (RawRequest other :
        List.of(
            RawRequest.publish(event("chat", "ann", "1")),
            RawRequest.leave(CHANNEL, "ann", Tokens.ANN),
            RawRequest.get("/channel/" + CHANNEL))) {
      Http.Response refused = ask(other);
      Answers.assertRefused(503, "shutting_down", SHUT, refused);
      assertTrue(Integer.parseInt(refused.headers().only("Retry-After")) > 0);
    }
  }

  /** It would not be right later, either. */
  @Test
  default void whatIsWrongIsSaidToBeWrongMeanwhile() throws Exception {
    served().pipely().close();

    Answers.assertRefused(
        400,
        "client_id_too_short",
        "client id must not be shorter than three characters",
        ask(RawRequest.subscribe(CHANNEL, "a")));
  }
}
