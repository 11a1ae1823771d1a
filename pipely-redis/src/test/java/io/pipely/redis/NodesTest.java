package io.pipely.redis;

import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.pipely.ChannelInfo;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes know of one another: node a is behind a link that fails. */
class NodesTest extends LinkedNodes {

  private final String other = unique("other");

  private RedisClient client;
  private RedisCommands<String, String> commands;

  NodesTest() {
    super(unique("room \u00e9 {"), Duration.ofSeconds(30));
  }

  @BeforeEach
  void start() throws Exception {
    connect();
    a.follow(other);
    assertEquals(Outcome.COMMITTED, outcome(a.create(other, null, a.seat("carol"))));
  }

  private void connect() {
    client = RedisClient.create(redis.uri());
    commands = client.connect().sync();
  }

  @AfterEach
  void stop() {
    client.shutdown();
  }

  @Test
  void deathIsToldWithTheChannelsAndTheReturnToo() throws Exception {
    awaitCounts();
    relay.cut();
    await().until(() -> b.deaths.equals(List.of(a.ledger.node())));
    assertEquals(Set.of(channel, other), b.dead.get(a.ledger.node()));
    assertFalse(b.living.contains(a.ledger.node()));
    relay.mend();
    await().until(() -> b.living.contains(a.ledger.node()));
    a.close();
    await().until(() -> b.deaths.equals(List.of(a.ledger.node(), a.ledger.node())));
    assertEquals(List.of(), a.deaths);
  }

  @Test
  void goodbyeIsADeathThatIsToldSoon() throws Exception {
    awaitCounts();
    a.close();
    await().atMost(Duration.ofSeconds(5)).until(() -> b.deaths.equals(List.of(a.ledger.node())));
    assertEquals(Set.of(channel, other), b.dead.get(a.ledger.node()));
    try (Node late = Node.on(redis.uri())) {
      // Who comes later is told too, as long as a has seats.
      await().until(() -> late.deaths.equals(List.of(a.ledger.node())));
      assertEquals(Set.of(channel, other), late.dead.get(a.ledger.node()));
    }

    await().until(() -> b.reminders.contains(a.ledger.node()));
    // By one of the living, who was the later one as long as that was there.
    await().until(() -> Set.of(channel, other).equals(b.reminded.get(a.ledger.node())));

    // Once it has no seat any more it is forgotten.
    b.follow(other);
    Seat carol = b.feed(other).snapshot().seats().get(0);
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, Node.left(anna))));
    assertTrue(counts().containsKey(a.ledger.node()));
    assertEquals(Outcome.COMMITTED, outcome(b.enter(other, Node.left(carol))));
    await().until(() -> !counts().containsKey(a.ledger.node()));
    assertEquals(1, b.deaths.stream().filter(a.ledger.node()::equals).count());
  }

  @Test
  void keyThatIsOlderHoldsWhereNodesHaveDifferentOnes() {
    byte[] key = a.ledger.key();
    String own = commands.get(Keys.SECRET);
    commands.set(Keys.SECRET, "9999999999999-" + "ab".repeat(32));
    await().until(() -> commands.get(Keys.SECRET).equals(own));
    assertArrayEquals(key, a.ledger.key());
    awaitCounts(); // The other one may be about to put its own there, too.

    commands.set(Keys.SECRET, "0000000000001-" + "cd".repeat(32));
    await().until(() -> a.ledger.key()[0] == (byte) 0xcd && b.ledger.key()[0] == (byte) 0xcd);
    assertArrayEquals(a.ledger.key(), b.ledger.key());
  }

  @Test
  void closingWaitsNotLongForARedisThatStandsStill() throws Exception {
    CompletableFuture<Outcome> outcome;
    redis.stall();
    try {
      outcome = a.publish(channel, "never known");
      a.close();
    } finally {
      redis.resume();
    }
    assertEquals(Outcome.UNKNOWN, outcome(outcome));
    assertFalse(a.ledger.isAvailable());
  }

  @Test
  void closingGoesThroughOnAThreadThatIsInterrupted() {
    Thread.currentThread().interrupt();
    try {
      a.close();
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertFalse(a.ledger.isAvailable());
  }

  private Map<String, String> counts() {
    return commands.hgetall(Keys.BEATS);
  }

  @Test
  void outageOfRedisIsNobodysDeath() throws Exception {
    awaitCounts();
    redis.kill();
    await().until(() -> !a.ledger.isAvailable() && !b.ledger.isAvailable());
    // Longer than it takes to be dead, which is not to be awaited otherwise.
    TimeUnit.SECONDS.sleep(9);
    redis.startAgain();
    await().until(() -> a.ledger.isAvailable() && b.ledger.isAvailable());
    awaitCounts();
    assertEquals(List.of(), a.deaths);
    assertEquals(List.of(), b.deaths);
    // And what Redis has lost is known again when it comes to a death.
    await().until(() -> b.feed(channel).resets() == 3 && a.feed(other).resets() == 3);
    a.close();
    await().until(() -> b.deaths.equals(List.of(a.ledger.node())));
    assertEquals(Set.of(channel, other), b.dead.get(a.ledger.node()));
  }

  /** Until both have counted, and have seen each other's counts. */
  private void awaitCounts() {
    List<String> names = List.of(a.ledger.node(), b.ledger.node());
    await().until(() -> counts().keySet().containsAll(names));
    Map<String, String> before = counts();
    await()
        .until(
            () -> {
              Map<String, String> now = counts();
              return names.stream().allMatch(name -> count(now, name) > count(before, name) + 1);
            });
  }

  private static long count(Map<String, String> counts, String node) {
    return Long.parseLong(counts.get(node));
  }

  @Test
  void channelsOfAllNodesAreListed() throws Exception {
    String third = unique("third");
    b.follow(third);
    outcome(b.create(third, null, b.seat("dora")));
    CompletableFuture<List<ChannelInfo>> listed = new CompletableFuture<>();
    b.ledger.list(listed::complete);
    assertEquals(
        Set.of(
            new ChannelInfo(channel, true, List.of("anna", "bob")),
            new ChannelInfo(other, false, List.of("carol")),
            new ChannelInfo(third, false, List.of("dora"))),
        Set.copyOf(listed.get(10, TimeUnit.SECONDS)));
    assertEquals(3, listed.get().size());

    outcome(b.enter(third, Node.left(b.feed(third).seats().get(0))));
    relay.cut();
    CompletableFuture<Boolean> isUnknown = new CompletableFuture<>();
    await().until(() -> !a.ledger.isAvailable());
    a.ledger.list(channels -> isUnknown.complete(channels == null));
    assertTrue(isUnknown.get(10, TimeUnit.SECONDS));
    CompletableFuture<List<ChannelInfo>> again = new CompletableFuture<>();
    b.ledger.list(again::complete);
    assertEquals(2, again.get(10, TimeUnit.SECONDS).size());
  }
}
