package io.pipely.core;

import io.pipely.Authorizer;
import io.pipely.ChannelInfo;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Feed;
import io.pipely.spi.Ledger;
import io.pipely.spi.Nodes;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A store in memory that several nodes share. What a node is told waits, in order, until the test
 * lets it through; and a node may be cut off. For one thread.
 */
final class SharedStore {

  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Life> lives = new HashMap<>();

  /** All there ever was, by epoch: the numbers of the events that are for everybody. */
  private final Map<String, List<Long>> published = new HashMap<>();

  private final List<Node> nodes = new ArrayList<>();
  private int lifeCount;
  private int changeCount;

  private static final class Life {
    String epoch = "";
    String passwordHash;
    long version;
    final Map<String, Seat> seats = new LinkedHashMap<>();
    final List<Entry> log = new ArrayList<>();

    Snapshot snapshot() {
      return new Snapshot(
          epoch, version, passwordHash, List.copyOf(seats.values()), log.size(), log);
    }
  }

  Node node(String name) {
    Node node = new Node(name);
    nodes.add(node);
    return node;
  }

  /** Lets everything through, to all nodes that are not cut off. */
  void settle() {
    boolean isMore = true;
    while (isMore) {
      isMore = false;
      for (Node node : nodes) {
        isMore |= node.step();
      }
    }
  }

  /** How many changes were entered. */
  int changeCount() {
    return changeCount;
  }

  /** The ids of a channel's members. */
  List<String> members(String channelId) {
    return lives.containsKey(channelId)
        ? lives.get(channelId).seats.values().stream().map(Seat::clientId).toList()
        : List.of();
  }

  /** Lets everything through to one node. */
  void settle(Node node) {
    while (node.step()) {
      // The next thing.
    }
  }

  /** Lets one thing through, to any one of the nodes that are not cut off; false where none is. */
  boolean step(Random random) {
    List<Node> shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, random);
    return shuffled.stream().anyMatch(Node::step);
  }

  /** The numbers of the events for everybody, of one life of a channel. */
  List<Long> published(String epoch) {
    return published.getOrDefault(epoch, List.of());
  }

  /** A node has stopped counting, as the others see it. */
  void takeForDead(Node dead) {
    Set<String> channelIds = Set.copyOf(lives.keySet());
    for (Node node : nodes) {
      if (node != dead) {
        node.tell(() -> node.listener.died(dead.name, channelIds));
      }
    }
  }

  /** A node counts, as the others see it. */
  void showLife(Node living) {
    for (Node node : nodes) {
      if (node != living) {
        node.tell(() -> node.listener.lives(living.name));
      }
    }
  }

  /** The store has forgotten a channel's log: it begins a new life, with its members. */
  void restore(String channelId) {
    Life life = lives.get(channelId);
    if (life == null) {
      return;
    }
    life.epoch = "restored" + lifeCount++;
    life.version++;
    life.log.clear();
    for (Node node : nodes) {
      node.tellSnapshot(channelId);
    }
  }

  @Override
  public String toString() {
    return lives.keySet().stream().map(id -> id + lives.get(id).seats.values()).toList().toString();
  }

  private Outcome enter(String channelId, Change change) {
    Life life = lives.get(channelId);
    boolean isCreation = change.creation() != null;
    if (isCreation != (life == null)
        || (life != null
            && !(life.epoch.equals(change.epoch()) && life.version == change.version()))) {
      return Outcome.STALE;
    }
    changeCount++;
    if (life == null) {
      life = new Life();
      life.epoch = change.epoch();
      life.passwordHash = change.creation().passwordHash();
      lives.put(channelId, life);
      Snapshot empty = life.snapshot();
      nodes.forEach(node -> node.toFeed(channelId, feed -> feed.reset(empty)));
    }
    long first = life.log.size() + 1L;
    for (Entry entry : change.entries()) {
      life.log.add(entry);
      if (entry instanceof Entry.Published event && event.only() == null) {
        long number = life.log.size();
        published.computeIfAbsent(life.epoch, epoch -> new ArrayList<>()).add(number);
      }
      life.version += entry.isAboutMembers() ? 1 : 0;
      if (entry instanceof Entry.Joined joined) {
        life.seats.put(joined.seat().id(), joined.seat());
      } else if (entry instanceof Entry.Moved moved) {
        life.seats.computeIfPresent(moved.seatId(), (id, seat) -> seat.at(moved.node()));
      } else if (entry instanceof Entry.Left left) {
        life.seats.remove(left.seatId());
      }
    }
    long version = life.version;
    nodes.forEach(
        node ->
            node.toFeed(
                channelId, feed -> feed.append(change.id(), version, first, change.entries())));
    if (life.seats.isEmpty()) {
      lives.remove(channelId);
      nodes.forEach(node -> node.toFeed(channelId, Feed::end));
    }
    return Outcome.COMMITTED;
  }

  /** Something that a node is told, and what it comes to where the way is cut off before. */
  private record Word(Runnable arrives, Runnable lost) {}

  /** One node's way to the store. */
  final class Node implements Ledger {

    private final String name;
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Queue<Word> untold = new ArrayDeque<>();
    private Nodes listener;
    private boolean isCutOff;
    private boolean isAnswerLost;
    private boolean isChangeLost;
    private Runnable whileReleasing = () -> {};

    private Node(String name) {
      this.name = name;
    }

    /** A hub of this node, without threads of its own. */
    Hub hub(LongSupplier ticker) {
      return hub(ticker, Options.DEFAULTS);
    }

    Hub hub(LongSupplier ticker, Options options) {
      return hub(ticker, options, null);
    }

    Hub hub(LongSupplier ticker, Options options, Authorizer authorizer) {
      return new Hub(
          options,
          ticker,
          Runnable::run,
          () -> {},
          new Secrets(null, this::key),
          new Gate(authorizer),
          Notices.NONE,
          this);
    }

    /** Lets one thing through. */
    private boolean step() {
      Word next = isCutOff ? null : untold.poll();
      if (next != null) {
        next.arrives().run();
      }
      return next != null;
    }

    private void tell(Runnable what) {
      tell(what, () -> {});
    }

    private void tell(Runnable what, Runnable lost) {
      untold.add(new Word(what, lost));
    }

    private void toFeed(String channelId, Consumer<Feed> what) {
      if (!isCutOff) {
        tell(
            () -> {
              Feed feed = feeds.get(channelId);
              if (feed != null) {
                what.accept(feed);
              }
            });
      }
    }

    private void tellSnapshot(String channelId) {
      Life life = lives.get(channelId);
      Snapshot snapshot = life == null ? Snapshot.NONE : life.snapshot();
      toFeed(channelId, feed -> feed.reset(snapshot));
    }

    /** From now on it hears nothing, and nothing of it is heard. */
    void cutOff() {
      isCutOff = true;
      List<Word> lost = List.copyOf(untold);
      untold.clear();
      lost.forEach(word -> word.lost().run());
    }

    /** The next change is not entered, and the node is not told so. */
    void loseNextChange() {
      isChangeLost = true;
    }

    /** The next change is entered, and the node is not told so. */
    void loseNextAnswer() {
      isAnswerLost = true;
    }

    /** Nothing is lost from now on. */
    void loseNoMore() {
      isChangeLost = false;
      isAnswerLost = false;
    }

    /** It is back, and told how the channels are. */
    void reconnect() {
      isCutOff = false;
      Set.copyOf(feeds.keySet()).forEach(this::tellSnapshot);
    }

    /** What happens, once, while a channel is about to be let go of. */
    void whileReleasing(Runnable happens) {
      whileReleasing = happens;
    }

    boolean isCutOff() {
      return isCutOff;
    }

    boolean isFollowing(String channelId) {
      return feeds.containsKey(channelId);
    }

    @Override
    public String node() {
      return name;
    }

    @Override
    public byte[] key() {
      return KEY.clone();
    }

    @Override
    public void start(Nodes nodesListener) {
      listener = nodesListener;
    }

    @Override
    public void open(String channelId, Feed feed, Consumer<Boolean> opened) {
      if (isCutOff) {
        opened.accept(false);
        return;
      }
      if (feeds.put(channelId, feed) != null) {
        throw new IllegalStateException("followed twice: " + channelId);
      }
      tellSnapshot(channelId);
      tell(
          () -> opened.accept(true),
          () -> {
            feeds.remove(channelId);
            opened.accept(false);
          });
    }

    @Override
    public void commit(String channelId, Change change, Consumer<Outcome> outcome) {
      Objects.requireNonNull(feeds.get(channelId), "not followed");
      if (isCutOff) {
        outcome.accept(Outcome.UNKNOWN);
        return;
      }
      if (isChangeLost) {
        isChangeLost = false;
        tell(() -> outcome.accept(Outcome.UNKNOWN), () -> outcome.accept(Outcome.UNKNOWN));
        return;
      }
      if (isAnswerLost) {
        isAnswerLost = false;
        tell(() -> outcome.accept(Outcome.UNKNOWN), () -> outcome.accept(Outcome.UNKNOWN));
        enter(channelId, change);
        return;
      }
      Outcome entered = enter(channelId, change);
      tell(() -> outcome.accept(entered), () -> outcome.accept(Outcome.UNKNOWN));
    }

    @Override
    public void refresh(String channelId, Consumer<Boolean> refreshed) {
      if (isCutOff) {
        refreshed.accept(false);
      } else {
        tell(() -> refreshed.accept(true), () -> refreshed.accept(false));
      }
    }

    @Override
    public void release(String channelId) {
      Runnable happens = whileReleasing;
      whileReleasing = () -> {};
      happens.run();
      feeds.remove(channelId);
    }

    @Override
    public void list(Consumer<List<ChannelInfo>> listed) {
      List<ChannelInfo> infos =
          lives.entrySet().stream()
              .map(
                  each ->
                      new ChannelInfo(
                          each.getKey(),
                          each.getValue().passwordHash != null,
                          members(each.getKey())))
              .toList();
      tell(() -> listed.accept(infos), () -> listed.accept(null));
    }

    @Override
    public boolean isAvailable(String channelId) {
      return !isCutOff;
    }

    @Override
    public void close() {
      cutOff();
      feeds.clear();
      takeForDead(this);
    }
  }
}
