package io.pipely.redis;

import static io.pipely.redis.Node.event;
import static io.pipely.redis.Node.outcome;
import static io.pipely.redis.Node.unique;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.pipely.ChannelInfo;
import io.pipely.spi.Entry;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on a Redis Cluster of three servers, each of which has some of the channels. */
class ClusterTest {

  private static final int CHANNELS = 12;

  private final List<String> channels = new ArrayList<>();
  private final Map<String, Seat> annas = new HashMap<>();
  private final Map<String, Seat> bobs = new HashMap<>();

  private TestCluster cluster;
  private Node a;
  private Node b;

  @BeforeEach
  void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    Node.pollOften();
    cluster = TestCluster.start(3);
    a = Node.on(cluster.uri());
    b = Node.on(cluster.uri());
    for (int i = 0; i < CHANNELS; i++) {
      String channel = unique("room");
      channels.add(channel);
      a.follow(channel);
      b.follow(channel);
      annas.put(channel, a.seat("anna"));
      bobs.put(channel, b.seat("bob"));
      assertEquals(Outcome.COMMITTED, outcome(a.create(channel, "hash", annas.get(channel))));
      await().until(() -> b.feed(channel).last() == 1);
      assertEquals(
          Outcome.COMMITTED, outcome(b.enter(channel, new Entry.Joined(bobs.get(channel)))));
      await().until(() -> a.feed(channel).last() == 2);
    }
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    cluster.close();
  }

  @Test
  void eachChannelIsOnOneServerAndAllAreListed() throws Exception {
    Set<Integer> ports =
        channels.stream().map(channel -> owner(channel).port()).collect(Collectors.toSet());
    assertEquals(3, ports.size());

    for (String channel : channels) {
      publish(a, channel, "one");
      await().until(() -> b.feed(channel).last() == 3);
      assertEquals(a.feed(channel).entries(), b.feed(channel).entries());
    }
    CompletableFuture<List<ChannelInfo>> listed = new CompletableFuture<>();
    a.ledger.list(listed::complete);
    Map<String, List<String>> clients =
        listed.get(10, TimeUnit.SECONDS).stream()
            .collect(Collectors.toMap(ChannelInfo::channelId, ChannelInfo::clients));
    assertEquals(Set.copyOf(channels), clients.keySet());
    clients.values().forEach(each -> assertEquals(List.of("anna", "bob"), each));
  }

  /** One of them also has what concerns the nodes, another has not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void serverThatIsGoneTakesNoOtherAlongAndIsGivenBackItsChannels(boolean hasNodes)
      throws Exception {
    String gone = channel(cluster.owner(Keys.BEATS), hasNodes);
    String other = channel(owner(gone), false);
    TestRedis server = owner(gone);
    server.kill();
    await().until(() -> !a.ledger.isAvailable(gone) && !b.ledger.isAvailable(gone));
    assertFalse(a.ledger.isAvailable());
    assertTrue(a.ledger.isAvailable(other));
    assertEquals(Outcome.UNKNOWN, outcome(a.publish(gone, "lost")));
    publish(a, other, "one");
    await().until(() -> b.feed(other).last() == 3);

    server.startAgain();
    await().until(() -> a.ledger.isAvailable() && b.ledger.isAvailable());
    String epoch = a.feed(other).epoch();
    await().until(() -> a.feed(gone).last() == 0 && b.feed(gone).last() == 0);
    assertEquals(seats(gone), a.feed(gone).snapshot().seats());
    assertEquals(a.feed(gone).snapshot(), b.feed(gone).snapshot());
    publish(b, gone, "two");
    await().until(() -> a.feed(gone).last() == 1);
    publish(b, other, "two");
    await().until(() -> a.feed(other).last() == 4);
    assertEquals(epoch, a.feed(other).epoch());
    assertEquals(Map.of(), a.dead);
  }

  /** And so it knows of no other, and of no slot that it has. */
  @Test
  void serverThatHasForgottenTheClusterTakesNoOtherAlong() throws Exception {
    String gone = channel(cluster.owner(Keys.BEATS), false);
    String other = channel(owner(gone), false);
    TestRedis server = owner(gone);
    TestRedis sound = owner(other);
    server.kill();
    await().until(() -> !a.ledger.isAvailable(gone) && !b.ledger.isAvailable(gone));
    cluster.forgetAllAt(server);
    server.startAgain();

    // It is not a beginning: what follows holds in all of the next seconds.
    await()
        .during(Duration.ofSeconds(3))
        .until(() -> a.ledger.isAvailable(other) && !a.ledger.isAvailable(gone));
    publish(a, other, "one");
    await().until(() -> b.feed(other).last() == 3);
    Node late = Node.on(sound.uri());
    late.follow(other);
    assertEquals(seats(other), late.feed(other).snapshot().seats());
    late.close();
  }

  @Test
  void replicaThatTakesOverHasAllThatThereWas() throws Exception {
    String channel = channels.get(0);
    TestRedis server = owner(channel);
    TestRedis replica = cluster.replicate(server);
    publish(a, channel, "one");
    await().until(() -> b.feed(channel).last() == 3);
    cluster.awaitReplicated(server, replica); // Redis has answered before that.
    server.kill();
    await().until(() -> !a.ledger.isAvailable(channel) && !b.ledger.isAvailable(channel));
    await().until(() -> a.ledger.isAvailable() && b.ledger.isAvailable());

    publish(a, channel, "two");
    await().until(() -> b.feed(channel).last() == 4);
    assertEquals(event("two"), b.feed(channel).entries().get(3));
    assertEquals(a.feed(channel).entries(), b.feed(channel).entries());
  }

  @Test
  void channelWhoseSlotIsMovedIsFollowedToWhereItIs() throws Exception {
    String channel = channels.get(0);
    TestRedis from = owner(channel);
    publish(a, channel, "one");
    await().until(() -> b.feed(channel).last() == 3);
    cluster.move(SlotHash.getSlot(Keys.of(channel).state()), from, other(from));

    await().until(() -> outcome(a.publish(channel, "two")) == Outcome.COMMITTED);
    await().until(() -> outcome(b.publish(channel, "three")) == Outcome.COMMITTED);
    await().until(() -> b.feed(channel).last() == 5 && a.feed(channel).last() == 5);
    assertNotEquals(from.port(), owner(channel).port());
    assertEquals(a.feed(channel).entries(), b.feed(channel).entries());
    assertEquals(event("three"), a.feed(channel).entries().get(4));
  }

  private TestRedis owner(String channel) {
    return cluster.owner(Keys.of(channel).state());
  }

  /** A channel that is on that server, or one that is not. */
  private String channel(TestRedis server, boolean isThere) {
    return channels.stream()
        .filter(channel -> (owner(channel).port() == server.port()) == isThere)
        .findFirst()
        .orElseThrow();
  }

  private TestRedis other(TestRedis server) {
    return owner(channel(server, false));
  }

  private List<Seat> seats(String channel) {
    return List.of(annas.get(channel), bobs.get(channel));
  }

  private static void publish(Node node, String channel, String text) throws Exception {
    assertEquals(Outcome.COMMITTED, outcome(node.publish(channel, text)));
  }
}
