package io.pipely.redis;

import io.lettuce.core.RedisURI;
import io.pipely.ChannelInfo;
import io.pipely.spi.Change;
import io.pipely.spi.Feed;
import io.pipely.spi.Ledger;
import io.pipely.spi.Nodes;
import io.pipely.spi.Outcome;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Channels that several nodes share, in a Redis of version 7 or later. */
public final class RedisLedger implements Ledger {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String node = Words.node();
  private final Connection connection;
  private final Store store;

  /** By the name of the channel in Redis on which it is told. */
  private final Map<String, Mirror> mirrors = new ConcurrentHashMap<>();

  /** Under which secrets are hashed, in hexadecimal: of the node that came first. */
  private volatile String key = Words.ofBytes(32);

  private volatile String run = "";

  RedisLedger(RedisURI uri, int keepBytes, Duration keepTime) {
    connection = new Connection(uri, this::message, new Watcher());
    store = new Store(connection, keepBytes, keepTime);
  }

  /**
   * Connects to a Redis, with the default bounds.
   *
   * @param uri {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for
   *     TLS
   * @throws IllegalArgumentException where it is not such a URI
   * @throws IllegalStateException where Redis cannot be reached within 10 s
   */
  public static RedisLedger connect(String uri) {
    return builder(uri).connect();
  }

  /** A ledger whose bounds are to be set. */
  public static RedisLedgerBuilder builder(String uri) {
    return new RedisLedgerBuilder(uri);
  }

  /** Waits until Redis is available. */
  RedisLedger begin(Duration patience) {
    connection.start(patience);
    return this;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public byte[] key() {
    return HexFormat.of().parseHex(key);
  }

  @Override
  public void start(Nodes nodes) {}

  @Override
  public void open(String channelId, Feed feed, Consumer<Boolean> opened) {
    if (!isAvailable()) {
      opened.accept(false);
      return;
    }
    String name = Keys.of(channelId).feed();
    Mirror mirror =
        new Mirror(
            channelId,
            store,
            () -> run,
            feed,
            isOpen -> {
              if (!isOpen) {
                release(channelId);
              }
              opened.accept(isOpen);
            });
    if (mirrors.putIfAbsent(name, mirror) != null) {
      throw new IllegalStateException("is followed already: " + channelId);
    }
    mirror.resume();
  }

  @Override
  public void commit(String channelId, Change change, Consumer<Outcome> outcome) {
    Mirror mirror = mirrors.get(Keys.of(channelId).feed());
    if (mirror == null) { // Let go of just now.
      outcome.accept(Outcome.UNKNOWN);
    } else {
      mirror.commit(change, outcome);
    }
  }

  @Override
  public void release(String channelId) {
    Keys keys = Keys.of(channelId);
    Mirror mirror = mirrors.remove(keys.feed());
    if (mirror != null) {
      mirror.release();
      store.unsubscribe(keys);
    }
  }

  @Override
  public void list(Consumer<@Nullable List<ChannelInfo>> listed) {
    listed.accept(null);
  }

  @Override
  public boolean isAvailable() {
    return connection.isAvailable();
  }

  @Override
  public void close() {
    mirrors.values().forEach(Mirror::release);
    mirrors.clear();
    connection.close();
  }

  private void message(String name, byte[] bytes) {
    Mirror mirror = mirrors.get(name);
    if (mirror != null) {
      mirror.message(Message.decode(bytes));
    }
  }

  private final class Watcher implements Connection.Watcher {

    @Override
    public CompletionStage<Void> prepare() {
      return store
          .run()
          .thenAccept(found -> run = found)
          .thenCompose(done -> store.setOnce(Keys.SECRET, key))
          .thenAccept(found -> key = found);
    }

    @Override
    public void available() {
      mirrors.values().forEach(Mirror::resume);
    }

    @Override
    public void tick() {
      mirrors.values().forEach(Mirror::tick);
    }
  }
}
