package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A newcomer may ask for the newest published events: {@code history=N}. */
public interface HistoryContract extends Contract {

  @Test
  default void theNewestEventsComeRightAfterTheClientList() throws Exception {
    SseClient ann = annHasPublished(3);

    join(history("bob", "2")).expect(clientList("ann", "bob"), chat(2), chat(3), connect("bob"));
    ann.expect(connect("bob"));
  }

  @Test
  default void anEventOfTheHistoryHasTheFrameThatCameLive() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    publish(chat(1));
    List<String> live = ann.nextFrame();

    SseClient bob = join(history("bob", "1"));

    bob.expect(clientList("ann", "bob"));
    assertEquals(live, bob.nextFrame());
  }

  @Test
  default void thereIsNoHistoryWhereNoneIsAskedFor() throws Exception {
    annHasPublished(3);

    join(history("bob", "0")).expect(clientList("ann", "bob"), connect("bob"));
    join("eve").expect(clientList("ann", "bob", "eve"), connect("eve"));
  }

  @Test
  default void whoAsksForMoreThanThereIsGetsAllThereIs() throws Exception {
    annHasPublished(2);

    join(history("bob", "1000000"))
        .expect(clientList("ann", "bob"), chat(1), chat(2), connect("bob"));
  }

  @Test
  default void whoAsksForMoreThanIsKeptGetsWhatIsKept() throws Exception {
    ServedPipely served = serveBy(rules -> rules.keep(16 << 10, Duration.ofMinutes(1)));
    SseClient ann = served.join(subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    for (int i = 0; i < 10; i++) {
      String event = event("chat", "ann", quoted(i + "x".repeat(3_000)));
      served.ask(RawRequest.publish(event));
      ann.expect(event);
    }
    String last = event("chat", "ann", quoted("9" + "x".repeat(3_000)));

    SseClient bob = served.join(history("bob", "100"));

    bob.expect(clientList("ann", "bob"));
    List<String> events = bob.upTo(last);
    // Four are kept at least: for each some bytes more are counted; see PipelyBuilder.keep.
    assertTrue(events.size() == 4 || events.size() == 5, bob::toString);
    bob.expect(connect("bob"));
  }

  @Test
  default void theHistoryHoldsNobodysComingAndGoing() throws Exception {
    SseClient ann = annHasPublished(1);
    SseClient eve = join("eve");
    ann.upTo(connect("eve"));
    publish(chat(2));
    eve.upTo(chat(2));
    eve.close();
    ann.upTo(Events.disconnect("eve"));
    publish(chat(3));

    join(history("bob", "3"))
        .expect(clientList("ann", "bob"), chat(1), chat(2), chat(3), connect("bob"));
  }

  @Test
  default void whoHasALastEventIdGetsNoHistory() throws Exception {
    SseClient ann = annHasPublished(3);

    join(history("bob", "2").lastEventId(ann.lastEventId()))
        .expect(clientList("ann", "bob"), connect("bob"));
    join(history("eve", "2").lastEventId("nonsense"))
        .expect(clientList("ann", "bob", "eve"), Events.gap("invalid"), connect("eve"));
    join(history("joe", "2").lastEventId(""))
        .expect(clientList("ann", "bob", "eve", "joe"), chat(2), chat(3), connect("joe"));
  }

  @Test
  default void theHistoryMustBeANumberAndNotNegative() throws Exception {
    for (String bad : List.of("-1", "x", "1.5", "1e3", "0x1", "1 ", "\u0661")) {
      assertRefused(
          400,
          "invalid_history",
          "history must be a number and not negative",
          ask(history("ann", bad)));
    }
  }

  private SseClient annHasPublished(int events) throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    for (int i = 1; i <= events; i++) {
      publish(chat(i));
      ann.expect(chat(i));
    }
    return ann;
  }

  private static RawRequest history(String clientId, String events) {
    return subscribe(CHANNEL, clientId).parameter("history", events);
  }

  private static String chat(int number) {
    return event("chat", "ann", String.valueOf(number));
  }
}
