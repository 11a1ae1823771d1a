package io.pipely.redis;

import static io.pipely.redis.Node.outcome;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.spi.Entry;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes with a member each in one channel; node a is behind a link that fails. */
abstract class LinkedNodes {

  final String channel;
  private final Duration patience;

  TestRedis redis;
  Relay relay;
  Node a;
  Node b;
  Seat anna;
  Seat bob;

  LinkedNodes(String channel, Duration patience) {
    this.channel = channel;
    this.patience = patience;
  }

  @BeforeEach
  void startNodes() throws Exception {
    Awaitility.setDefaultTimeout(patience);
    Node.pollOften();
    redis = TestRedis.start();
    relay = new Relay(redis.port());
    a = Node.on(relay.uri());
    b = Node.on(redis.uri());
    a.follow(channel);
    b.follow(channel);
    anna = a.seat("anna");
    bob = b.seat("bob");
    assertEquals(Outcome.COMMITTED, outcome(a.create(channel, "hash", anna)));
    await().until(() -> b.feed(channel).last() == 1);
    assertEquals(Outcome.COMMITTED, outcome(b.enter(channel, new Entry.Joined(bob))));
    await().until(() -> a.feed(channel).last() == 2);
  }

  @AfterEach
  void stopNodes() throws Exception {
    a.close();
    b.close();
    relay.close();
    redis.close();
  }
}
