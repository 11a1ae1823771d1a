package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pipely.ChannelInfo;
import io.pipely.spi.Entry;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two nodes, a Redis that fails in several ways, and links that do: node a has one of those. */
class OutagesTest extends LinkedNodes {

  OutagesTest() {
    super(unique("room"), Duration.ofSeconds(20));
  }

  @Test
  void changeWhoseAnswerIsLostIsKnownByTheFeed() throws Exception {
    relay.loseAnswers();
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "one")));
    relay.mend();
    await().until(() -> b.feed(channel).last() == 3);
  }

  @Test
  void changeWhoseAnswerAndMessageAreLostIsFoundInTheLog() throws Exception {
    relay.loseAnswers();
    relay.loseMessages();
    CompletableFuture<Outcome> outcome = a.publish(channel, "one");
    await().until(() -> b.feed(channel).last() == 3);
    relay.mend();
    assertEquals(Outcome.COMMITTED, outcome(outcome));
    assertEquals(b.feed(channel).entries(), a.feed(channel).entries());
  }

  @Test
  void changeWhoseMessageIsLostIsReadFromTheLog() throws Exception {
    relay.loseMessages();
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "one")));
    assertEquals(event("one"), last(a.feed(channel)));
  }

  @Test
  void changeThatIsStaleIsToldWhyWhereTheMessageIsLost() throws Exception {
    relay.loseMessages();
    outcome(b.enter(channel, new Entry.Joined(b.seat("carol"))));
    assertEquals(Outcome.STALE, outcome(a.publish(channel, "one")));
    assertEquals(3, a.feed(channel).last());
  }

  @Test
  void whatIsMissedIsFilledFromTheLog() throws Exception {
    for (int round = 0; round < 3; round++) {
      relay.cutFeeds();
      for (int i = 0; i < 5; i++) {
        assertEquals(Outcome.COMMITTED, outcome(b.publish(channel, "event " + i)));
      }
    }
    await().until(() -> a.feed(channel).last() == 17);
    assertEquals(b.feed(channel).entries(), a.feed(channel).entries());
    assertEquals(b.feed(channel).told(), a.feed(channel).told());
  }

  @Test
  void whatIsMissedAndNotKeptIsASnapshot() throws Exception {
    try (Node small =
        new Node(RedisLedger.builder(redis.uri()).keep(1000, Duration.ofMinutes(1)).connect())) {
      small.follow(channel);
      relay.cut();
      for (int i = 0; i < 20; i++) {
        assertEquals(Outcome.COMMITTED, outcome(small.publish(channel, "event " + i)));
      }
      relay.mend();
      await().until(() -> a.feed(channel).last() == 22);
      Snapshot snapshot = a.feed(channel).snapshot();
      assertEquals(a.feed(channel).epoch(), b.feed(channel).epoch());
      assertEquals(List.of(anna, bob), snapshot.seats());
      assertEquals(22, snapshot.last());
      assertTrue(snapshot.log().size() < 10, snapshot.log()::toString);
      assertEquals(event("event 19"), snapshot.log().get(snapshot.log().size() - 1));
    }
  }

  @Test
  void whoeverWaitsForAnAnswerWhenANodeClosesIsToldThatThereIsNone() throws Exception {
    relay.silence();
    CompletableFuture<Outcome> outcome = a.publish(channel, "lost");
    CompletableFuture<Boolean> refreshed = new CompletableFuture<>();
    a.ledger.refresh(channel, refreshed::complete);
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    a.ledger.open(unique("other"), new RecordingFeed(), opened::complete);
    CompletableFuture<Optional<List<ChannelInfo>>> listed = new CompletableFuture<>();
    a.ledger.list(channels -> listed.complete(Optional.ofNullable(channels)));

    a.close();

    assertEquals(Outcome.UNKNOWN, outcome(outcome));
    assertFalse(refreshed.get(5, TimeUnit.SECONDS));
    assertFalse(opened.get(5, TimeUnit.SECONDS));
    assertEquals(Optional.empty(), listed.get(5, TimeUnit.SECONDS));
  }

  @Test
  void nodeThatIsCutOffSilentlyNotices() throws Exception {
    relay.silence();
    await().atMost(Duration.ofSeconds(6)).until(() -> !a.ledger.isAvailable());
    assertEquals(Outcome.UNKNOWN, outcome(a.publish(channel, "lost")));
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    a.ledger.open(unique("other"), new RecordingFeed(), opened::complete);
    assertFalse(opened.get(5, TimeUnit.SECONDS));
    assertEquals(Outcome.COMMITTED, outcome(b.publish(channel, "one")));
    relay.mend();
    await().until(() -> a.feed(channel).last() == 3);
    assertEquals(b.feed(channel).told(), a.feed(channel).told());
  }

  /** Less than the 3 s after which it is given up, and more than a command is waited for. */
  @Test
  void redisThatStallsForAShortTimeKeepsItsConnections() throws Exception {
    long stalled = Long.MAX_VALUE;
    long connections = 0;
    while (stalled > Duration.ofMillis(2900).toNanos()) { // On a machine that stood still itself.
      await().until(() -> a.ledger.isAvailable() && b.ledger.isAvailable());
      connections = connectionsEverMade();
      long start = System.nanoTime();
      redis.stall();
      TimeUnit.MILLISECONDS.sleep(2700);
      redis.resume();
      stalled = System.nanoTime() - start;
    }
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "one")));
    await().until(() -> b.feed(channel).last() == 3);
    assertEquals(connections + 1, connectionsEverMade(), "no more than the one that asks");
  }

  private long connectionsEverMade() {
    RedisClient client = RedisClient.create(redis.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      String stats = connection.sync().info("stats");
      return Long.parseLong(TestRedis.said(stats, "total_connections_received").orElseThrow());
    } finally {
      client.shutdown();
    }
  }

  @Test
  void redisThatStallsIsUnknownUntilItGoesOn() throws Exception {
    redis.stall();
    CompletableFuture<Outcome> under = a.publish(channel, "under way");
    await().until(() -> !a.ledger.isAvailable() && !b.ledger.isAvailable());
    assertEquals(Outcome.UNKNOWN, outcome(under));
    assertEquals(Outcome.UNKNOWN, outcome(a.publish(channel, "one")));
    assertEquals(Outcome.UNKNOWN, outcome(b.enter(channel, Node.left(bob))));
    TimeUnit.SECONDS.sleep(2); // So that nobody is still trying the old connections.
    redis.resume();
    await().until(() -> a.ledger.isAvailable() && b.ledger.isAvailable());
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "two")));
    await().until(() -> b.feed(channel).last() == a.feed(channel).last());
    assertEquals(a.feed(channel).told(), b.feed(channel).told());
    assertEquals(event("two"), last(b.feed(channel)));
  }

  private static Entry last(RecordingFeed feed) {
    return feed.entries().get(feed.entries().size() - 1);
  }

  @Test
  void redisThatComesBackEmptyIsGivenBackWhatItHad() throws Exception {
    String epoch = a.feed(channel).epoch();
    byte[] key = a.ledger.key();
    redis.kill();
    await().until(() -> !a.ledger.isAvailable() && !b.ledger.isAvailable());
    redis.startAgain();

    await().until(() -> a.feed(channel).resets() == 3 && b.feed(channel).resets() == 3);

    Snapshot snapshot = a.feed(channel).snapshot();
    assertEquals(snapshot, b.feed(channel).snapshot());
    assertFalse(snapshot.epoch().isEmpty() || snapshot.epoch().equals(epoch));
    assertEquals("hash", snapshot.passwordHash());
    assertEquals(List.of(anna, bob), snapshot.seats());
    assertEquals(0, snapshot.last());
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "one")));
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, Node.left(anna))));
    await().until(() -> a.feed(channel).last() == 2 && b.feed(channel).last() == 2);
    assertEquals(3, a.feed(channel).resets());
    try (Node c = Node.on(redis.uri())) {
      assertEquals(List.of(bob), c.follow(channel).snapshot().seats());
      assertArrayEquals(key, c.ledger.key());
    }
  }

  private void emptyRedisWhileOneIsCutOff() throws Exception {
    relay.cut();
    redis.kill();
    await().until(() -> !a.ledger.isAvailable() && !b.ledger.isAvailable());
    redis.startAgain();
  }

  private void emptyRedisWhileOneIsCutOffAndTheOtherGivesBack() throws Exception {
    String epoch = b.feed(channel).epoch();
    emptyRedisWhileOneIsCutOff();
    await().until(() -> b.ledger.isAvailable() && !b.feed(channel).epoch().equals(epoch));
  }

  @Test
  void whoMakesItAnewAtANodeThatDidNotKnowItMakesWayForThoseWhoWereThere() throws Exception {
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, Node.left(bob))));
    await().until(() -> a.feed(channel).seats().equals(List.of(anna)));
    b.ledger.release(channel);
    emptyRedisWhileOneIsCutOff();
    await().until(() -> b.ledger.isAvailable());
    b.follow(channel);
    Seat eve = b.seat("eve");
    assertEquals(Outcome.COMMITTED, outcome(b.create(channel, "the hash of eve's", eve)));
    relay.mend();

    await().until(() -> b.feed(channel).seats().equals(List.of(anna)));
    assertEquals("hash", b.feed(channel).snapshot().passwordHash());
    await().until(() -> a.feed(channel).epoch().equals(b.feed(channel).epoch()));
    assertEquals(List.of(anna), a.feed(channel).seats());
  }

  @Test
  void channelThatAnotherNodeHasGivenBackAndWrittenToHasItsMembersStill() throws Exception {
    emptyRedisWhileOneIsCutOffAndTheOtherGivesBack();
    assertEquals(Outcome.COMMITTED, outcome(b.publish(channel, "one")));
    relay.mend();
    await().until(() -> a.feed(channel).epoch().equals(b.feed(channel).epoch()));
    assertEquals(1, a.feed(channel).last());
    assertEquals(List.of(anna, bob), a.feed(channel).seats());
    assertEquals("hash", a.feed(channel).snapshot().passwordHash());
    assertEquals(b.feed(channel).version(), a.feed(channel).version());
  }

  @Test
  void whoIsThereByNowInAChannelThatWasGivenBackStays() throws Exception {
    emptyRedisWhileOneIsCutOffAndTheOtherGivesBack();
    Seat carol = b.seat("carol");
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, new Entry.Joined(carol))));
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, Node.left(anna), Node.left(bob))));
    String restored = b.feed(channel).epoch();
    relay.mend();
    await().until(() -> a.feed(channel).seats().equals(List.of(carol)));
    assertEquals(restored, a.feed(channel).epoch());
    assertEquals(restored, b.feed(channel).epoch());
  }

  @Test
  void channelThatEndedMeanwhileIsNotGivenBack() throws Exception {
    relay.cut();
    await().until(() -> !a.ledger.isAvailable());
    List<Entry> all = new ArrayList<>(List.of(Node.left(anna), Node.left(bob)));
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, all.toArray(new Entry[0]))));
    assertTrue(b.feed(channel).told().contains("end"));
    relay.mend();
    await().until(() -> a.feed(channel).snapshot().equals(Snapshot.NONE));
    assertEquals(Snapshot.NONE, b.ledger.isAvailable() ? reread() : null);
  }

  private Snapshot reread() throws Exception {
    b.ledger.release(channel);
    return b.follow(channel).snapshot();
  }

  @Test
  void channelThatBeganAnewMeanwhileIsTakenAsItIs() throws Exception {
    relay.cut();
    await().until(() -> !a.ledger.isAvailable());
    outcome(b.enter(channel, Node.left(anna), Node.left(bob)));
    Seat carol = b.seat("carol");
    outcome(b.create(channel, "another", carol));
    relay.mend();
    await().until(() -> a.feed(channel).seats().equals(List.of(carol)));
    assertEquals(b.feed(channel).epoch(), a.feed(channel).epoch());
    assertEquals("another", a.feed(channel).snapshot().passwordHash());
  }
}
