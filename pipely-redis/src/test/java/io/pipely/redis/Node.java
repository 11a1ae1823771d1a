package io.pipely.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.EndReason;
import io.pipely.Payload;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Epochs;
import io.pipely.spi.Nodes;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A ledger, and what stands in for a hub on top of it: what is told, and simple changes. */
final class Node implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  final RedisLedger ledger;
  final Map<String, RecordingFeed> feeds = new ConcurrentHashMap<>();

  /** The nodes whose death was told, with the channels that were told of. */
  final Map<String, Set<String>> dead = new ConcurrentHashMap<>();

  final List<String> deaths = new CopyOnWriteArrayList<>();

  /** The nodes of whose death it was reminded, and those of which it was so with their channels. */
  final List<String> reminders = new CopyOnWriteArrayList<>();

  final Map<String, Set<String>> reminded = new ConcurrentHashMap<>();

  /** The nodes that are said to live. */
  final Set<String> living = ConcurrentHashMap.newKeySet();

  Node(RedisLedger ledger) {
    this.ledger = ledger;
    ledger.start(
        new Nodes() {
          @Override
          public void died(String node, Set<String> channels) {
            hasDied(node, channels);
          }

          @Override
          public void lives(String node) {
            living.add(node);
          }
        });
  }

  private void hasDied(String node, Set<String> channels) {
    living.remove(node);
    if (channels.isEmpty()) {
      reminders.add(node);
      reminded.put(node, Set.of());
    } else if (reminded.replace(node, Set.of(), channels)) {
      // As a caretaker it is told of them right after it was reminded.
    } else {
      dead.put(node, new HashSet<>(channels));
      deaths.add(node);
    }
  }

  static Node on(String uri) {
    return new Node(RedisLedger.connect(uri));
  }

  static void pollOften() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
  }

  static String unique(String prefix) {
    return prefix + COUNT.incrementAndGet();
  }

  /** Follows a channel. */
  RecordingFeed follow(String channel) throws Exception {
    RecordingFeed feed = new RecordingFeed();
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    feeds.put(channel, feed);
    ledger.open(channel, feed, opened::complete);
    assertTrue(opened.get(10, TimeUnit.SECONDS), "opened");
    return feed;
  }

  RecordingFeed feed(String channel) {
    return feeds.get(channel);
  }

  Seat seat(String client) {
    return new Seat(unique("s"), client, null, ledger.node());
  }

  /** Makes a channel that is followed, with one member. */
  CompletableFuture<Outcome> create(String channel, String password, Seat seat) {
    return commit(
        channel,
        new Change(
            unique("c"),
            Epochs.next(),
            0,
            new Change.Creation(password),
            List.of(new Entry.Joined(seat))));
  }

  /** Has entries entered on top of what is known. */
  CompletableFuture<Outcome> enter(String channel, Entry... entries) {
    return commit(channel, change(channel, entries));
  }

  /** A change on top of what is known. */
  Change change(String channel, Entry... entries) {
    RecordingFeed feed = feed(channel);
    return new Change(unique("c"), feed.epoch(), feed.version(), null, List.of(entries));
  }

  CompletableFuture<Outcome> publish(String channel, String text) {
    return enter(channel, event(text));
  }

  /** Has a change entered; sees to it that the outcome is told after what has led to it. */
  CompletableFuture<Outcome> commit(String channel, Change change) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    RecordingFeed feed = feed(channel);
    ledger.commit(
        channel,
        change,
        told -> {
          if (told == Outcome.COMMITTED && !feed.knows(change.id())) {
            outcome.completeExceptionally(new AssertionError("committed, but not told"));
          } else if (told == Outcome.STALE && feed.stands(change)) {
            outcome.completeExceptionally(new AssertionError("stale, but not told why"));
          } else if (!outcome.complete(told)) {
            throw new AssertionError("an outcome was told twice");
          }
        });
    return outcome;
  }

  static Entry.Published event(String text) {
    return new Entry.Published("type", "origin", Payload.of(text), List.of(), null, null);
  }

  static Entry.Left left(Seat seat) {
    return new Entry.Left(seat.id(), seat.clientId(), EndReason.LEFT);
  }

  static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
    return future.get(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
