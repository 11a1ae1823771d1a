package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.gap;
import static io.pipely.contract.Events.quoted;
import static io.pipely.contract.RawRequest.subscribe;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Stats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that cannot be given all that it has missed is told so, and given none of it. */
public interface GapContract extends Contract {

  @Test
  default void anIdOfAnotherEpochIsAGap() throws Exception {
    SseClient bob = witness(served());

    for (String id : List.of("aaaaaaa-1", "aaaaaaa-0", "aaaaaaa-999999999999999999")) {
      assertGap("epoch", bob, "ann" + id, id);
    }
  }

  @Test
  default void anIdOfAnEarlierLifeOfTheChannelIsAGap() throws Exception {
    SseClient before = witness(served());
    before.close();
    await().atMost(Patience.ONE).until(() -> served().pipely().stats().equals(new Stats(0, 0)));

    SseClient ann = join(subscribe(CHANNEL, "ann").lastEventId(before.lastEventId()));

    ann.expect(clientList("ann"));
    List<String> gap = ann.nextFrame();
    assertEquals(gap("epoch"), Frames.event(gap).orElseThrow());
    EventId newest = Frames.id(gap).orElseThrow();
    assertEquals(List.of("id: " + newest.plus(1), "data: " + connect("ann")), ann.nextFrame());
  }

  @Test
  default void anIdOfAnotherChannelIsAGap() throws Exception {
    SseClient other = join(subscribe("channel-0002", "bob"));
    other.next();
    other.next();

    assertGap("epoch", witness(served()), "ann", other.lastEventId());
  }

  @Test
  default void anIdThatIsNoneIsAGapAndNotAnError() throws Exception {
    SseClient bob = witness(served());
    String epoch = EventId.parse(bob.lastEventId()).epoch();

    List<String> ids =
        List.of(
            "../../x",
            "x".repeat(5_000), // Servers refuse much longer queries themselves.
            "-",
            "-1",
            epoch,
            epoch + "-",
            epoch + "--1",
            epoch + "-+1",
            epoch + "-01",
            epoch + "-00",
            epoch + "-1x",
            epoch + "-1.0",
            epoch + "-0x1",
            epoch + "- 1",
            epoch + "-1\n",
            epoch + "_1",
            epoch + "-\u0661", // a digit, but not one of ours
            epoch + "-9223372036854775807",
            epoch + "-9223372036854775808",
            epoch + "-99999999999999999999",
            epoch + "-" + "1".repeat(1_000),
            "aaaaaaa-01",
            "\0",
            "ä€😀",
            " ");
    int number = 0;
    for (String id : ids) {
      assertGap("invalid", bob, "ann-" + number++, id);
    }
  }

  @Test
  default void anIdThatIsNotUtf8IsAGapToo() throws Exception {
    SseClient bob = witness(served());

    SseClient ann =
        join(subscribe(CHANNEL, "ann").header("Last-Event-ID", new byte[] {(byte) 0xff, '-', '1'}));

    ann.expect(clientList("bob", "ann"), gap("invalid"), connect("ann"));
    bob.expect(connect("ann"));
  }

  @Test
  default void anIdOfAnEventYetToComeIsAGap() throws Exception {
    SseClient bob = witness(served());
    EventId newest = EventId.parse(bob.lastEventId());

    assertGap("invalid", bob, "ann", newest.plus(1).toString());
    assertGap("invalid", bob, "eve", newest.plus(1_000_000).toString());
  }

  @Test
  default void anIdAfterWhichNotEverythingIsKeptIsAGap() throws Exception {
    int kept = 32 << 10;
    ServedPipely served = serveBy(rules -> rules.keep(kept, Duration.ofMinutes(1)));
    SseClient bob = witness(served);
    String first = bob.lastEventId();
    EventId last = null;
    for (int i = 0; i < 20; i++) {
      String event = event("chat", "bob", quoted(i + "x".repeat(4_000)));
      Answers.assertAccepted(served.ask(RawRequest.publish(event)));
      bob.expect(event);
      last = EventId.parse(bob.lastEventId());
    }
    EventId newest = last;

    SseClient ann = served.join(subscribe(CHANNEL, "ann").lastEventId(first));
    SseClient eve = served.join(subscribe(CHANNEL, "eve").lastEventId(newest.plus(-2).toString()));

    ann.expect(clientList("bob", "ann"));
    assertEquals(List.of("id: " + newest, "data: " + gap("evicted")), ann.nextFrame());
    ann.expect(connect("ann"));
    eve.expect(clientList("bob", "ann", "eve"));
    assertEquals(newest.plus(-1), Frames.id(eve.nextFrame()).orElseThrow());
  }

  @Test
  default void whatIsTooOldIsNotKept() throws Exception {
    ServedPipely served = serveBy(rules -> rules.keep(1 << 20, Duration.ofMillis(300)));
    SseClient bob = witness(served);
    String first = bob.lastEventId();
    Answers.assertAccepted(served.ask(RawRequest.publish(event("chat", "bob", "1"))));

    AtomicInteger number = new AtomicInteger();
    await()
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              String id = "ann-" + number.incrementAndGet();
              SseClient ann = served.join(subscribe(CHANNEL, id).lastEventId(first));
              ann.next();
              return ann.next().equals(gap("evicted"));
            });
  }

  /** Joins, and leaves again: by the token, since a connection that ends is not noticed at once. */
  private void assertGap(String reason, SseClient bob, String clientId, String lastEventId)
      throws Exception {
    String newest = bob.lastEventId();
    SseClient ann =
        join(Tokens.subscribe(clientId, Tokens.ANN).parameter("lastEventId", lastEventId));

    ann.expect(clientList("bob", clientId));
    assertEquals(
        List.of("id: " + newest, "data: " + gap(reason)), ann.nextFrame(), () -> lastEventId);
    ann.expect(connect(clientId));
    String event = event("chat", clientId, "1");
    Answers.assertAccepted(ask(RawRequest.publish(event).token(Tokens.ANN)));
    ann.expect(event);
    Answers.assertAccepted(ask(RawRequest.leave(CHANNEL, clientId, Tokens.ANN)));
    assertTrue(bob.upTo(Events.disconnect(clientId)).contains(event), bob::toString);
  }

  private static SseClient witness(ServedPipely served) throws Exception {
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    bob.upTo(connect("bob"));
    return bob;
  }
}
