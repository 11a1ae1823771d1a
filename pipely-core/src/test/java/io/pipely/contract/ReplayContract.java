package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client that was cut off, and says what it has got last, is given what it has missed. */
public interface ReplayContract extends Contract {

  @Test
  default void whatWasMissedComesBetweenTheClientListAndWhatComesLive() throws Exception {
    SseClient bob = witness();
    String lastEventId = annIsCutOff(bob);
    publishAll("2", "3");

    SseClient ann = join(subscribe(CHANNEL, "ann").lastEventId(lastEventId));

    ann.expect(clientList("bob", "ann"), disconnect("ann"), chat("2"), chat("3"), connect("ann"));
    publishAll("4");
    ann.expect(chat("4"));
  }

  @Test
  default void aMissedEventsFrameIsTheOneThatCameLive() throws Exception {
    SseClient bob = witness();
    String lastEventId = annIsCutOff(bob);
    publishAll("2");
    List<String> live = bob.nextFrame();

    SseClient ann = join(subscribe(CHANNEL, "ann").lastEventId(lastEventId));

    ann.expect(clientList("bob", "ann"), disconnect("ann"));
    assertEquals(live, ann.nextFrame());
  }

  @Test
  default void theLastEventIdMayBeAParameterAndTheHeaderWins() throws Exception {
    SseClient bob = witness();
    String lastEventId = annIsCutOff(bob);
    publishAll("2");
    bob.upTo(chat("2"));

    join(subscribe(CHANNEL, "parameter").parameter("lastEventId", lastEventId))
        .expect(clientList("bob", "parameter"), disconnect("ann"), chat("2"), connect("parameter"));
    join(subscribe(CHANNEL, "both")
            .parameter("lastEventId", lastEventId)
            .lastEventId(bob.lastEventId()))
        .expect(clientList("bob", "parameter", "both"), connect("parameter"), connect("both"));
  }

  @Test
  default void anEmptyLastEventIdIsNone() throws Exception {
    witness();

    join(subscribe(CHANNEL, "ann").lastEventId(""))
        .expect(clientList("bob", "ann"), connect("ann"));
    join(subscribe(CHANNEL, "eve").parameter("lastEventId", ""))
        .expect(clientList("bob", "ann", "eve"), connect("eve"));
  }

  @Test
  default void whoHasMissedNothingIsGivenNothing() throws Exception {
    SseClient bob = witness();

    SseClient ann = join(subscribe(CHANNEL, "ann").lastEventId(bob.lastEventId()));

    ann.expect(clientList("bob", "ann"), connect("ann"));
    publishAll("1");
    ann.expect(chat("1"));
  }

  /** What the id of the client list is good for. */
  @Test
  default void aCutRightAfterTheClientListLosesNothing() throws Exception {
    SseClient bob = witness();
    SseClient ann = join("ann");
    ann.expect(clientList("bob", "ann"));
    String lastEventId = ann.lastEventId();
    ann.close();
    bob.upTo(disconnect("ann"));
    publishAll("1");

    join(subscribe(CHANNEL, "ann").lastEventId(lastEventId))
        .expect(
            clientList("bob", "ann"), connect("ann"), disconnect("ann"), chat("1"), connect("ann"));
  }

  /** As when a tab is closed and opened again: a replay of a replay. */
  @Test
  default void whoIsCutOffWithinAReplayGoesOnFromThere() throws Exception {
    SseClient bob = witness();
    String lastEventId = annIsCutOff(bob);
    publishAll("2", "3");
    SseClient ann = join(subscribe(CHANNEL, "ann").lastEventId(lastEventId));
    ann.expect(clientList("bob", "ann"), disconnect("ann"), chat("2"));

    join(subscribe(CHANNEL, "eve").lastEventId(ann.lastEventId()))
        .expect(clientList("bob", "ann", "eve"), chat("3"), connect("ann"), connect("eve"));
  }

  @Test
  default void whateverTheCutsEveryEventComesOnceAndInOrder() throws Exception {
    SseClient bob = witness();
    String lastEventId = bob.lastEventId();
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      events.add(chat(String.valueOf(i)));
    }
    CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publishOverOne(events));

    List<String> received = new ArrayList<>();
    for (int cut = 0; received.size() < events.size(); cut++) {
      SseClient ann = join(subscribe(CHANNEL, "ann-" + cut).lastEventId(lastEventId));
      // Each connection gets a little further than the one before.
      int enough = Math.min(events.size(), received.size() + 1 + cut % 30);
      while (received.size() < enough) {
        String event = ann.next();
        if (event.contains("\"type\":\"chat\"")) {
          received.add(event);
        }
      }
      lastEventId = ann.lastEventId();
      ann.abort();
    }

    publisher.get(Patience.MANY.toSeconds(), TimeUnit.SECONDS);
    assertEquals(events, received);
  }

  private SseClient witness() throws Exception {
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));
    return bob;
  }

  /** Ann is a member, gets one event, and is gone; what she has got last is returned. */
  private String annIsCutOff(SseClient witness) throws Exception {
    SseClient ann = join("ann");
    publishAll("1");
    ann.upTo(chat("1"));
    ann.close();
    witness.upTo(disconnect("ann"));
    return ann.lastEventId();
  }

  private void publishAll(String... payloads) throws Exception {
    for (String payload : payloads) {
      Answers.assertAccepted(publish(chat(payload)));
    }
  }

  private void publishOverOne(List<String> events) {
    try (Http http = Http.connect(served().uri())) {
      for (String event : events) {
        Answers.assertAccepted(http.ask(RawRequest.publish(event)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String chat(String payload) {
    return event("chat", "bob", payload);
  }
}
