package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.replaced;
import static io.pipely.contract.RawRequest.subscribe;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The same client by another connection, while it is there: the new stream takes over. */
public interface TakeoverContract extends Contract {

  @Test
  default void theOldStreamIsToldAndEnds() throws Exception {
    SseClient old = join(Tokens.subscribe("ann", Tokens.ANN));
    old.expect(clientList("ann"), connect("ann"));

    join(Tokens.subscribe("ann", Tokens.ANN));

    // A client that comes back all the same waits for longer than others.
    assertEquals(List.of("retry: 30000", "data: " + replaced()), old.nextFrame());
    old.expectEnd();
    assertEquals("data: " + replaced(), lastLine(old));
  }

  @Test
  default void nobodyIsToldOfATakeover() throws Exception {
    SseClient bob = join("bob");
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    bob.upTo(connect("ann"));

    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));

    ann.expect(clientList("bob", "ann"));
    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
    bob.expect(event);
  }

  @Test
  default void aMemberThatIsTakenOverKeepsItsPlaceAndItsSpelling() throws Exception {
    join(Tokens.subscribe("Ann", Tokens.ANN)).upTo(connect("Ann"));
    join("bob").upTo(connect("bob"));

    join(Tokens.subscribe("ANN", Tokens.ANN)).expect(clientList("Ann", "bob"));

    join("eve").expect(clientList("Ann", "bob", "eve"), connect("eve"));
  }

  @Test
  default void theNewStreamIsGivenWhatTheClientHasMissed() throws Exception {
    SseClient old = join(Tokens.subscribe("ann", Tokens.ANN));
    old.upTo(connect("ann"));
    publish(event("chat", "bob", "1"));
    publish(event("chat", "bob", "2"));

    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(old.lastEventId()));

    ann.expect(clientList("ann"), event("chat", "bob", "1"), event("chat", "bob", "2"));
    publish(event("chat", "bob", "3"));
    ann.expect(event("chat", "bob", "3"));
  }

  @Test
  default void aTakeoverWithoutALastEventIdGoesOnFromTheNewestEvent() throws Exception {
    SseClient old = join(Tokens.subscribe("ann", Tokens.ANN));
    old.upTo(connect("ann"));
    publish(event("chat", "bob", "1"));
    old.expect(event("chat", "bob", "1"));

    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));

    ann.expect(clientList("ann"));
    assertEquals(
        EventId.parse(old.lastEventId()).plus(placesOfATakeover()),
        EventId.parse(ann.lastEventId()));
    publish(event("chat", "bob", "2"));
    ann.expect(event("chat", "bob", "2"));
  }

  @Test
  default void aTakeoverMayAskForTheHistory() throws Exception {
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    publish(event("chat", "bob", "1"));
    publish(event("chat", "bob", "2"));

    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).parameter("history", "1"));

    ann.expect(clientList("ann"), event("chat", "bob", "2"));
    publish(event("chat", "bob", "3"));
    ann.expect(event("chat", "bob", "3"));
  }

  @Test
  default void aTakeoverWithAnIdThatCannotBeServedIsAGap() throws Exception {
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));

    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).lastEventId("aaaaaaa-1"));

    ann.expect(clientList("ann"), Events.gap("epoch"));
    publish(event("chat", "bob", "1"));
    ann.expect(event("chat", "bob", "1"));
  }

  @Test
  default void nobodyElseTakesOver() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));

    for (RawRequest other :
        List.of(
            subscribe(CHANNEL, "ann"),
            Tokens.subscribe("ann", Tokens.NOBODY),
            Tokens.subscribe("ANN", Tokens.NOBODY),
            Tokens.subscribe("ann", Tokens.ANN.toUpperCase(Locale.ROOT)),
            Tokens.subscribe("ann", Tokens.ANN + "x"),
            subscribe(CHANNEL, "bob"),
            Tokens.subscribe("bob", Tokens.ANN))) {
      assertRefused(400, "client_id_taken", SubscribeContract.TAKEN, ask(other));
    }

    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
    bob.upTo(event);
  }

  @Test
  default void theSameTokenUnderAnotherIdIsAnotherMember() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    ann.expect(clientList("ann"), connect("ann"));

    join(Tokens.subscribe("bob", Tokens.ANN)).expect(clientList("ann", "bob"), connect("bob"));

    ann.expect(connect("bob"));
  }

  @Test
  default void aTakeoverNeedsTheChannelsPasswordToo() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).password("secret"));
    ann.upTo(connect("ann"));

    for (RawRequest wrong :
        List.of(
            Tokens.subscribe("ann", Tokens.ANN),
            Tokens.subscribe("ann", Tokens.ANN).password("wrong"))) {
      assertRefused(401, "wrong_password", SubscribeContract.WRONG_PASSWORD, ask(wrong));
    }

    join(Tokens.subscribe("ann", Tokens.ANN).password("secret")).expect(clientList("ann"));
    ann.expect(replaced());
  }

  /** So that two tabs with one token do not fight for ever. */
  @Test
  default void theThirdTakeoverWithinTenSecondsIsRefused() throws Exception {
    RawRequest request = Tokens.subscribe("ann", Tokens.ANN);
    SseClient ann = null;
    for (int i = 0; i < 3; i++) {
      ann = join(request);
      ann.next();
    }

    for (int i = 0; i < 3; i++) {
      assertRefused(409, "token_in_use", "token in use twice", ask(request));
    }

    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
  }

  @Test
  default void theTakeoversOfOneMemberAreNotAnothers() throws Exception {
    for (String id : List.of("ann", "bob", "eve")) {
      for (int i = 0; i < 3; i++) {
        join(Tokens.subscribe(id, Tokens.ANN)).next();
      }
    }
  }

  /** A phone that has changed its network: its old connection is noticed to be dead much later. */
  @Test
  default void theLateEndOfTheOldConnectionDoesNotEndTheMembership() throws Exception {
    SseClient bob = join("bob");
    SseClient old = join(Tokens.subscribe("ann", Tokens.ANN));
    old.upTo(connect("ann"));
    bob.upTo(connect("ann"));
    old.stopReading();
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    ann.expect(clientList("bob", "ann"));

    old.abort();

    // By the third sign of life every server has noticed.
    int frames = ann.frames().size();
    await()
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> ann.frames().size() >= frames + 3);
    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
    bob.expect(event);
  }

  @Test
  default void manyTakeoversAtOnceLeaveOneMemberWithOneStream() throws Exception {
    SseClient bob = join("bob");
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    bob.upTo(connect("ann"));
    List<SseClient> streams = new CopyOnWriteArrayList<>();

    Together.run(6, number -> streams.add(served().open(Tokens.subscribe("ann", Tokens.ANN))));

    List<SseClient> accepted = new ArrayList<>();
    for (SseClient stream : streams) {
      if (stream.status() == 200) {
        accepted.add(stream);
      } else {
        assertEquals(409, stream.status());
      }
    }
    assertEquals(2, accepted.size());
    String event = event("chat", "bob", "1");
    publish(event);
    bob.expect(event);
    int served = 0;
    for (SseClient stream : accepted) {
      String next = stream.next();
      if (next.equals(clientList("bob", "ann"))) {
        next = stream.next();
      }
      if (next.equals(event)) {
        served++;
      } else {
        assertEquals(replaced(), next);
        stream.expectEnd();
      }
    }
    assertEquals(1, served);
  }

  private static String lastLine(SseClient client) {
    List<List<String>> frames = client.frames();
    assertFalse(frames.isEmpty());
    List<String> last = frames.get(frames.size() - 1);
    return last.get(last.size() - 1);
  }
}
