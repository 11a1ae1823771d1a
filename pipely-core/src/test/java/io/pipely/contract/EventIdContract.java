package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.directed;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Stats;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the frames say beside their events: how far the client has got, and when to come back. */
public interface EventIdContract extends Contract {

  @Test
  default void everyRecordedEventHasAnIdAheadOfItsData() throws Exception {
    SseClient ann = join("ann");
    EventId id = Frames.id(ann.nextFrame()).orElseThrow();
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));
    String event = event("chat", "ann", "1");
    publish(event);
    bob.upTo(event);
    bob.close();

    for (String each : List.of(connect("ann"), connect("bob"), event, disconnect("bob"))) {
      id = id.plus(1);
      assertEquals(List.of("id: " + id, "data: " + each), ann.nextFrame());
    }
  }

  @Test
  default void theFirstEventOfAChannelIsItsCreatorsConnectWithTheNumberOne() throws Exception {
    SseClient ann = join("ann");

    assertEquals(0, Frames.id(ann.nextFrame()).orElseThrow().number());
    List<String> connect = ann.nextFrame();
    assertEquals(Optional.of(connect("ann")), Frames.event(connect));
    assertEquals(1, Frames.id(connect).orElseThrow().number());
  }

  @Test
  default void everyMemberGetsAnEventWithTheSameId() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    String event = event("chat", "ann", "1");
    publish(event);
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));

    assertEquals(ann.nextFrame(), bob.nextFrame());
  }

  /** So that a cut ahead of the next event loses nothing. */
  @Test
  default void theClientListHasTheIdOfTheNewestEventAheadOfIt() throws Exception {
    SseClient ann = join("ann");
    String event = event("chat", "ann", "1");
    publish(event);
    ann.upTo(event);
    SseClient bob = join("bob");

    List<String> clientList = bob.nextFrame();

    assertEquals(Optional.of(clientList("ann", "bob")), Frames.event(clientList));
    assertEquals(ann.lastEventId(), Frames.id(clientList).orElseThrow().toString());
    assertTrue(clientList.get(clientList.size() - 1).startsWith("data: "), bob::toString);
  }

  @Test
  default void theClientListOfAStreamThatHasALastEventIdHasNone() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    for (String lastEventId : List.of(ann.lastEventId(), "nonsense")) {
      SseClient bob = join(subscribe(CHANNEL, "bob" + lastEventId).lastEventId(lastEventId));
      assertEquals(Optional.empty(), Frames.id(bob.nextFrame()));
    }
  }

  @Test
  default void eachLifeOfAChannelHasAnEpochOfItsOwn() throws Exception {
    SseClient first = join("ann");
    EventId before = Frames.id(first.nextFrame()).orElseThrow();
    EventId other = Frames.id(join(subscribe("channel-0002", "ann")).nextFrame()).orElseThrow();
    first.close();
    await().atMost(Patience.ONE).until(() -> served().pipely().stats().equals(new Stats(1, 1)));

    EventId after = Frames.id(join("ann").nextFrame()).orElseThrow();

    assertNotEquals(before.epoch(), other.epoch());
    assertNotEquals(before.epoch(), after.epoch());
    assertEquals(0, after.number());
  }

  @Test
  default void theFirstFrameOfAStreamAndNoOtherSaysWhenToComeBack() throws Exception {
    SseClient ann = join("ann");
    String event = event("chat", "ann", "1");
    publish(event);
    ann.upTo(event);

    List<List<String>> frames = ann.frames();
    int retry = Frames.retry(frames.get(0)).orElseThrow();
    assertTrue(retry >= 2400 && retry <= 3600, ann::toString);
    for (List<String> frame : frames.subList(1, frames.size())) {
      assertEquals(OptionalInt.empty(), Frames.retry(frame));
    }
  }

  /** So that those who were cut off together do not come back together. */
  @Test
  default void whenToComeBackIsSpread() throws Exception {
    Set<Integer> retries = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      retries.add(Frames.retry(join("member-" + i).nextFrame()).orElseThrow());
    }

    assertTrue(retries.size() > 10, retries::toString);
  }

  /** So that the reconnect of a member that nothing is for sees no false GAP. */
  @Test
  default void aSignOfLifeHasTheIdOfWhatHasPassedUnseen() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));
    ann.upTo(connect("bob"));
    String secret = directed("chat", "ann", "1", "ann");
    publish(secret);
    ann.expect(secret);

    await()
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> bob.frames().contains(List.of(":", "id: " + ann.lastEventId())));
  }

  /** Or what the member has would no longer be kept by the time of the sign of life. */
  @Test
  default void whatHasPassedUnseenIsToldAheadOfTheSignOfLifeWhereItIsMuch() throws Exception {
    int kept = 64 << 10;
    ServedPipely served =
        serveBy(rules -> rules.heartbeat(GraceContract.LONG).keep(kept, GraceContract.LONG));
    SseClient ann = served.join(subscribe(CHANNEL, "ann"));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    bob.upTo(connect("bob"));
    for (int i = 0; i < 40; i++) {
      String payload = Events.quoted("x".repeat(kept / 16));
      String secret = directed("chat", "ann", payload, "ann");
      Answers.assertAccepted(served.ask(RawRequest.publish(secret)));
    }
    String last = directed("chat", "ann", "0", "ann");
    served.ask(RawRequest.publish(last));
    ann.upTo(last);
    EventId newest = EventId.parse(ann.lastEventId());

    // Much less than all of it has passed since then.
    await()
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> lastId(bob).number() > newest.plus(-12).number());
    String lastEventId = lastId(bob).toString();
    served
        .join(subscribe(CHANNEL, "eve").lastEventId(lastEventId))
        .expect(clientList("ann", "bob", "eve"), connect("eve"));
  }

  /** How far a client has got by all its frames, those without an event too. */
  private static EventId lastId(SseClient client) {
    List<EventId> ids =
        client.frames().stream().flatMap(frame -> Frames.id(frame).stream()).toList();
    return ids.get(ids.size() - 1);
  }
}
