package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.pipely.spi.Entry;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of channels where Redis has lost all of them, or the newest of what it had. */
class RestorationTest {

  private final List<String> channels = new ArrayList<>();
  private final Map<String, List<Seat>> seats = new HashMap<>();

  private TestRedis redis;
  private RedisClient client;
  private RedisCommands<String, String> commands;
  private Node a;
  private Node b;

  @BeforeEach
  void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
    Node.pollOften();
    redis = TestRedis.start();
    client = RedisClient.create(redis.uri());
    commands = client.connect().sync();
    a = Node.on(redis.uri());
    b = Node.on(redis.uri());
    for (int i = 0; i < 30; i++) {
      String channel = unique("room");
      Seat anna = a.seat("anna");
      Seat bob = b.seat("bob").at(i % 3 == 0 ? a.ledger.node() : b.ledger.node());
      channels.add(channel);
      seats.put(channel, List.of(anna, bob));
      a.follow(channel);
      b.follow(channel);
      outcome(a.create(channel, "hash of " + channel, anna));
      await().until(() -> b.feed(channel).last() == 1);
      assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, new Entry.Joined(bob))));
      await().until(() -> a.feed(channel).last() == 2);
    }
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    client.shutdown();
    redis.close();
  }

  @Test
  void restartedRedisIsGivenBackAllChannelsOnce() throws Exception {
    byte[] key = a.ledger.key();
    redis.kill();
    await().until(() -> !a.ledger.isAvailable() && !b.ledger.isAvailable());
    redis.startAgain();
    await().until(() -> channels.stream().allMatch(this::isRestored));
    channels.forEach(this::assertRestored);
    // By then both have counted from the beginning again, which is no news to them.
    await().until(() -> commands.hvals(Keys.BEATS).stream().allMatch(RestorationTest::isCounted));
    assertEquals(2 * channels.size(), calls("ssubscribe"), "each has begun anew with all, once");
    try (Node c = Node.on(redis.uri())) {
      assertArrayEquals(key, c.ledger.key());
      Snapshot snapshot = c.follow(channels.get(0)).snapshot();
      assertEquals(a.feed(channels.get(0)).snapshot(), snapshot);
    }
  }

  private static boolean isCounted(String count) {
    return Integer.parseInt(count) > 1;
  }

  private int calls(String command) {
    return TestRedis.said(commands.info("commandstats"), "cmdstat_" + command)
        .map(text -> Integer.parseInt(text.replaceAll("calls=(\\d+),.*", "$1")))
        .orElse(0);
  }

  @Test
  void redisThatIsEmptiedUnderTheNodesIsGivenBackAllChannelsOnce() throws Exception {
    // A node that has not counted yet cannot be forgotten.
    await().until(() -> commands.hvals(Keys.BEATS).stream().noneMatch("0"::equals));
    commands.flushall();
    await().until(() -> channels.stream().allMatch(this::isRestored));
    channels.forEach(this::assertRestored);
    assertTrue(a.ledger.isAvailable() && b.ledger.isAvailable());
    await()
        .until(() -> commands.smembers(Keys.channelsOf(a.ledger.node())).size() == channels.size());
  }

  @Test
  void commitOnWhatIsLostIsStaleAfterItWasRestored() throws Exception {
    String channel = channels.get(1);
    commands.del(Keys.of(channel).state(), Keys.of(channel).seats(), Keys.of(channel).log());
    commands.del(Keys.of(channel).run());
    assertEquals(Outcome.STALE, outcome(a.publish(channel, "too late")));
    await().until(() -> isRestored(channel));
    assertRestored(channel);
    assertEquals(Outcome.COMMITTED, outcome(b.publish(channel, "in time")));
    await().until(() -> a.feed(channel).last() == 1);
    assertEquals(event("in time"), a.feed(channel).entries().get(2));
  }

  @Test
  void redisThatIsBehindIsGivenBackWhatWasKnown() throws Exception {
    String channel = channels.get(2);
    publishAndLose(channel);

    assertEquals(Outcome.STALE, outcome(a.publish(channel, "one")));
    await().until(() -> isRestored(channel));
    assertRestored(channel);
  }

  /** As from a copy that was made before the last event. */
  private void publishAndLose(String channel) throws Exception {
    Keys keys = Keys.of(channel);
    Map<String, String> old = commands.hgetall(keys.state());
    assertEquals(Outcome.COMMITTED, outcome(a.publish(channel, "lost")));
    await().until(() -> b.feed(channel).last() == 3);
    commands.del(keys.state());
    commands.hset(keys.state(), old);
    commands.xdel(keys.log(), "3-0");
    commands.eval(
        "return redis.call('XSETID', KEYS[1], '2-0')", ScriptOutputType.STATUS, keys.log());
  }

  /** Who has the lost event would else take its id for that of the one in its place. */
  @Test
  void redisThatWasBehindAndWrittenToBeginsANewEpochToo() throws Exception {
    String channel = channels.get(2);
    publishAndLose(channel);
    try (Node c = Node.on(redis.uri())) {
      String epoch = c.follow(channel).epoch();
      assertEquals(Outcome.COMMITTED, outcome(c.publish(channel, "in its place")));
      await().until(() -> isRestored(channel));
      assertRestored(channel);
      await().until(() -> c.feed(channel).snapshot().equals(a.feed(channel).snapshot()));
      assertNotEquals(epoch, c.feed(channel).epoch());
    }
  }

  private boolean isRestored(String channel) {
    return a.feed(channel).resets() >= 3 && b.feed(channel).resets() >= 3;
  }

  private void assertRestored(String channel) {
    Snapshot snapshot = a.feed(channel).snapshot();
    assertEquals(snapshot, b.feed(channel).snapshot());
    assertEquals(seats.get(channel), snapshot.seats());
    assertEquals("hash of " + channel, snapshot.passwordHash());
    assertEquals(0, snapshot.last());
    assertEquals(List.of(), snapshot.log());
    assertNotEquals("", snapshot.epoch());
    // No more often: it was restored by one of them.
    assertEquals(3, a.feed(channel).resets());
    assertEquals(3, b.feed(channel).resets());
  }
}
