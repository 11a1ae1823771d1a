package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Payload;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Epochs;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What two nodes on one Redis see that works. */
class RedisLedgerTest {

  private static TestRedis redis;
  private static Node a;
  private static Node b;

  private final String channel = unique("room \u00e9{1}\"'\ud83d\ude00 ");

  @BeforeAll
  static void start() throws Exception {
    Node.pollOften();
    redis = TestRedis.any();
    a = Node.on(redis.uri());
    b = Node.on(redis.uri());
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @Test
  void nodesHaveNamesOfTheirOwnAndOneKey() {
    assertTrue(a.ledger.node().matches("[a-z0-9]+"), a.ledger.node());
    assertNotEquals(a.ledger.node(), b.ledger.node());
    assertArrayEquals(a.ledger.key(), b.ledger.key());
    assertEquals(32, a.ledger.key().length);
    assertTrue(a.ledger.isAvailable());
  }

  @Test
  void channelThatIsNotThereIsFollowedAsNone() throws Exception {
    assertEquals(Snapshot.NONE, a.follow(channel).snapshot());
  }

  @Test
  void whatOneEntersIsToldToBoth() throws Exception {
    RecordingFeed atA = a.follow(channel);
    RecordingFeed atB = b.follow(channel);
    Seat anna = new Seat(unique("s"), "Anna {\u00e9}", "hash", a.ledger.node());
    Change creation =
        new Change(
            unique("c"),
            Epochs.next(),
            0,
            new Change.Creation("secret"),
            List.of(new Entry.Joined(anna)));

    assertEquals(Outcome.COMMITTED, outcome(a.commit(channel, creation)));

    assertEquals(List.of("reset to none", "reset to 0", creation.id()), atA.told());
    assertEquals(
        new Snapshot(creation.epoch(), 0, "secret", List.of(), 0, List.of()), atA.snapshot());
    await().until(() -> atB.told().equals(atA.told()));
    assertEquals(atA.snapshot(), atB.snapshot());

    Seat bob = b.seat("bob");
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, event("hi"), new Entry.Joined(bob))));
    Entry moved = new Entry.Moved(anna.id(), b.ledger.node());
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, moved)));

    await().until(() -> atA.last() == 4);
    assertEquals(
        List.of(new Entry.Joined(anna), event("hi"), new Entry.Joined(bob), moved), atA.entries());
    assertEquals(atA.entries(), atB.entries());
    assertEquals(3, atA.version());
  }

  @Test
  void newcomerGetsSeatsInOrderOfJoiningAndTheLog() throws Exception {
    a.follow(channel);
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      seats.add(a.seat("client" + i));
    }
    outcome(a.create(channel, "secret", seats.get(0)));
    for (Seat seat : seats.subList(1, 20)) {
      assertEquals(Outcome.COMMITTED, outcome(a.enter(channel, new Entry.Joined(seat))));
    }
    // Who moves stays where it is in the row.
    outcome(a.enter(channel, new Entry.Moved(seats.get(3).id(), "elsewhere")));
    outcome(a.enter(channel, Node.left(seats.get(7))));

    Snapshot snapshot = b.follow(channel).snapshot();

    seats.set(3, seats.get(3).at("elsewhere"));
    seats.remove(7);
    assertEquals(seats, snapshot.seats());
    assertEquals(22, snapshot.last());
    assertEquals(22, snapshot.version());
    assertEquals("secret", snapshot.passwordHash());
    assertEquals(a.feed(channel).epoch(), snapshot.epoch());
    assertEquals(a.feed(channel).entries(), snapshot.log());
  }

  @Test
  void everythingOfAnEventIsKept() throws Exception {
    a.follow(channel);
    b.follow(channel);
    outcome(a.create(channel, null, a.seat("anna")));
    byte[] json =
        "{ \"a\" : 1.0, \"\u00e9\":\"\\u0000\\n\ud83d\ude00\" }  ".getBytes(StandardCharsets.UTF_8);
    Entry.Published event =
        new Entry.Published(
            "t \ud83d\ude00 {\"'}",
            "o\u2028rigin \ud83d lone",
            Payload.ofValidJson(json),
            List.of("Bob {1}", "\"c\""),
            Set.of("s-1", "s-2", "s-3"),
            "s-9");

    outcome(
        a.enter(
            channel,
            event,
            new Entry.Published("t", "o", Payload.NULL, List.of(), Set.of(), null)));

    await().until(() -> b.feed(channel).last() == 3);
    assertEquals(event, b.feed(channel).entries().get(1));
    assertEquals(Set.of(), ((Entry.Published) b.feed(channel).entries().get(2)).only());
    List<Entry> told = b.feed(channel).entries();
    assertEquals(told, read(channel).snapshot().log());
  }

  private static RecordingFeed read(String channel) throws Exception {
    b.ledger.release(channel);
    return b.follow(channel);
  }

  @Test
  void channelEndsWithItsLastMember() throws Exception {
    a.follow(channel);
    b.follow(channel);
    Seat anna = a.seat("anna");
    outcome(a.create(channel, null, anna));
    await().until(() -> b.feed(channel).last() == 1);

    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, Node.left(anna))));

    assertEquals("end", b.feed(channel).told().get(4));
    await().until(() -> a.feed(channel).told().contains("end"));
    assertEquals(a.feed(channel).told(), b.feed(channel).told());
    assertEquals(Snapshot.NONE, read(channel).snapshot());

    // And may begin again.
    assertEquals(Outcome.COMMITTED, outcome(b.create(channel, null, b.seat("bob"))));
    await().until(() -> a.feed(channel).last() == 1);
    assertEquals(b.feed(channel).seats(), a.feed(channel).seats());
  }

  @Test
  void ofTwoWhoCreateAtOnceOneWins() throws Exception {
    for (int i = 0; i < 20; i++) {
      String each = unique("both ");
      a.follow(each);
      b.follow(each);
      CompletableFuture<Outcome> one = a.create(each, "one", a.seat("anna"));
      CompletableFuture<Outcome> other = b.create(each, "other", b.seat("bob"));

      Set<Outcome> outcomes = Set.of(outcome(one), outcome(other));

      assertEquals(Set.of(Outcome.COMMITTED, Outcome.STALE), outcomes);
      // What made it stale has been told before.
      String password = outcome(one) == Outcome.COMMITTED ? "one" : "other";
      await().until(() -> a.feed(each).last() == 1 && b.feed(each).last() == 1);
      assertEquals(password, a.feed(each).snapshot().passwordHash());
      assertEquals(password, b.feed(each).snapshot().passwordHash());
    }
  }

  @Test
  void ofTwoWhoJoinAtOnceOneHasToDecideAgain() throws Exception {
    a.follow(channel);
    b.follow(channel);
    outcome(a.create(channel, null, a.seat("anna")));
    for (long version = 1; version <= 20; version++) {
      long before = version;
      await().until(() -> b.feed(channel).version() == before);
      String client = "x" + version;
      Change first = a.change(channel, new Entry.Joined(a.seat(client)));
      Change second = b.change(channel, new Entry.Joined(b.seat(client)));
      CompletableFuture<Outcome> one = a.commit(channel, first);
      CompletableFuture<Outcome> other = b.commit(channel, second);

      assertEquals(Set.of(Outcome.COMMITTED, Outcome.STALE), Set.of(outcome(one), outcome(other)));

      await().until(() -> a.feed(channel).version() == before + 1);
    }
    await().until(() -> b.feed(channel).seats().equals(a.feed(channel).seats()));
  }

  @Test
  void changeOfAnEarlierLifeIsStale() throws Exception {
    a.follow(channel);
    Seat anna = a.seat("anna");
    outcome(a.create(channel, null, anna));
    Change late = new Change(unique("c"), a.feed(channel).epoch(), 1, null, List.of(event("late")));
    outcome(a.enter(channel, Node.left(anna)));
    assertEquals(Outcome.STALE, outcome(a.commit(channel, late)));
    outcome(a.create(channel, null, anna));
    assertEquals(Outcome.STALE, outcome(a.commit(channel, late)));
    assertEquals(1, a.feed(channel).last());
  }

  @Test
  void allSeeOneOrderAndEachEntryOnce() throws Exception {
    a.follow(channel);
    b.follow(channel);
    outcome(a.create(channel, null, a.seat("anna")));
    await().until(() -> b.feed(channel).last() == 1);

    for (int i = 0; i < 25; i++) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        outcomes.add(a.publish(channel, "event " + i + ' ' + j + " of a"));
        outcomes.add(b.publish(channel, "event " + i + ' ' + j + " of b"));
      }
      for (CompletableFuture<Outcome> each : outcomes) {
        assertEquals(Outcome.COMMITTED, outcome(each));
      }
    }

    await().until(() -> a.feed(channel).last() == 501 && b.feed(channel).last() == 501);
    assertEquals(a.feed(channel).entries(), b.feed(channel).entries());
    assertEquals(501, Set.copyOf(a.feed(channel).entries()).size());
    assertEquals(2, a.feed(channel).resets());
  }

  @Test
  void releasedChannelIsNotTold() throws Exception {
    a.follow(channel);
    b.follow(channel);
    a.ledger.release(channel);
    outcome(b.create(channel, null, b.seat("bob")));
    outcome(b.publish(channel, "more"));
    assertEquals(List.of("reset to none"), a.feed(channel).told());
    assertEquals(Outcome.UNKNOWN, outcome(a.publish(channel, "not followed any more")));
  }

  @Test
  void channelThatIsReleasedAndFollowedAgainAtOnceIsToldOf() throws Exception {
    a.follow(channel);
    b.follow(channel);
    outcome(a.create(channel, null, a.seat("anna")));
    for (int i = 0; i < 50; i++) {
      b.ledger.release(channel);
      b.follow(channel);
      long last = b.feed(channel).last();
      outcome(a.publish(channel, "event " + i));
      await().until(() -> b.feed(channel).last() == last + 1);
    }
  }

  @Test
  void logIsBoundedInBytesAndNeverWithoutTheNewest() throws Exception {
    try (Node small =
        new Node(RedisLedger.builder(redis.uri()).keep(10_000, Duration.ofMinutes(1)).connect())) {
      small.follow(channel);
      outcome(small.create(channel, null, small.seat("anna")));
      String text = "x".repeat(1000);
      for (int i = 0; i < 100; i++) {
        outcome(small.publish(channel, text));
      }
      Snapshot snapshot = b.follow(channel).snapshot();
      assertEquals(101, snapshot.last());
      assertEquals(8, snapshot.log().size());

      outcome(small.publish(channel, "y".repeat(20_000)));
      assertEquals(List.of(event("y".repeat(20_000))), read(channel).snapshot().log());
    }
  }

  @Test
  void logIsBoundedInTime() throws Exception {
    try (Node brief =
        new Node(RedisLedger.builder(redis.uri()).keep(10_000, Duration.ofMillis(50)).connect())) {
      brief.follow(channel);
      outcome(brief.create(channel, null, brief.seat("anna")));
      await()
          .until(
              () -> {
                outcome(brief.publish(channel, "event"));
                brief.ledger.release(channel);
                Snapshot snapshot = brief.follow(channel).snapshot();
                return snapshot.log().size() < snapshot.last();
              });
    }
  }

  @Test
  void redisThatIsNotThereIsToldWithoutThePassword() {
    RedisLedgerBuilder builder = RedisLedger.builder("redis://user:secret@127.0.0.1:1/3");
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> builder.connect(Duration.ofMillis(300)));
    assertEquals("cannot reach Redis at redis://127.0.0.1:1/3", e.getMessage());
    assertFalse(String.valueOf(e.getCause()).contains("secret"), String.valueOf(e.getCause()));
  }

  @Test
  void whatIsNoAddressIsRefusedWithoutThePassword() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> RedisLedger.connect("redos://:secret@host"));
    assertFalse(e.toString().contains("secret"), e.toString());
  }
}
