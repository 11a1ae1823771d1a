package io.pipely.redis;

import io.lettuce.core.RedisURI;
import io.pipely.ChannelInfo;
import io.pipely.spi.Change;
import io.pipely.spi.Feed;
import io.pipely.spi.Ledger;
import io.pipely.spi.Nodes;
import io.pipely.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels that several nodes share, in a Redis of version 7 or later.
 *
 * <p>While Redis is away nothing is entered: an outcome is unknown after 2 s at most. Within 2 s of
 * its return the channels are followed again, without a loss if Redis has kept what was missed. If
 * it has lost its data, the first node that comes back gives it the channels that it follows, with
 * their passwords and members, under new epochs and without their logs. A channel that is not there
 * while the data are those that were there before has ended, and is not given back. Channels that
 * no living node follows are lost with the data.
 *
 * <p>Redis is one server, or the one that writes of several, or a Redis Cluster, of which any
 * server may be given: the others, and whichever come later, are found by it. Of a cluster one
 * server alone may be away, or have lost its data: the channels of the others do not notice.
 */
public final class RedisLedger implements Ledger {

  private static final Logger log = LoggerFactory.getLogger(RedisLedger.class);

  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final String node = Words.node();
  private final Servers servers;
  private final Store store;
  private final Register register;
  private final SharedKey key;

  /** By the name of the channel in Redis on which it is told. */
  private final Map<String, Mirror> mirrors = new ConcurrentHashMap<>();

  private volatile @Nullable Pulse pulse;
  private volatile boolean isClosed;

  RedisLedger(RedisURI uri, int keepBytes, Duration keepTime) {
    servers = new Servers(uri, new Watcher());
    store = new Store(servers, keepBytes, keepTime);
    register = new Register(servers, node);
    key = new SharedKey(store);
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
    servers.start(patience);
    return this;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public byte[] key() {
    return key.bytes();
  }

  @Override
  public void start(Nodes nodes) {
    pulse = new Pulse(node, register, key, nodes, this::forgotten, System::nanoTime);
  }

  private void ifStarted(Consumer<Pulse> step) {
    Pulse current = pulse;
    if (current != null) {
      step.accept(current);
    }
  }

  /**
   * Redis has lost its data, or another node has cleared away what this one seemed to have left.
   */
  private void forgotten() {
    prepare().whenComplete((done, failure) -> mirrors.values().forEach(Mirror::resume));
  }

  private CompletionStage<Void> prepare() {
    return key.agree()
        .thenCompose(agreed -> register.enter())
        .thenAccept(entered -> register.noteAgain());
  }

  @Override
  public void open(String channelId, Feed feed, Consumer<Boolean> opened) {
    if (!isAvailable(channelId)) {
      opened.accept(false);
      return;
    }
    String name = Keys.of(channelId).feed();
    Mirror mirror =
        new Mirror(
            channelId,
            store,
            register,
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
    if (isClosed) { // And all others perhaps closed before this one came.
      mirror.close();
    } else {
      mirror.resume();
    }
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
  public void refresh(String channelId, Consumer<Boolean> refreshed) {
    Mirror mirror = mirrors.get(Keys.of(channelId).feed());
    if (mirror == null) { // Let go of just now.
      refreshed.accept(false);
    } else {
      mirror.refresh(refreshed);
    }
  }

  @Override
  public void release(String channelId) {
    Keys keys = Keys.of(channelId);
    Mirror mirror = mirrors.remove(keys.feed());
    if (mirror != null) {
      mirror.release();
      store.unsubscribe(keys.feed());
    }
  }

  @Override
  public void list(Consumer<@Nullable List<ChannelInfo>> listed) {
    register.list().whenComplete((channels, failure) -> listed.accept(channels));
  }

  @Override
  public boolean isAvailable(String channelId) {
    return store.isAvailable(Keys.of(channelId));
  }

  /** Whether all of Redis is to be had at present, as far as is known. */
  public boolean isAvailable() {
    return servers.isAvailable();
  }

  /** Says so to the other nodes, for which it waits a short time. */
  @Override
  public void close() {
    isClosed = true;
    mirrors.values().forEach(Mirror::close);
    mirrors.clear();
    ifStarted(Pulse::stop);
    if (servers.isAvailable(Keys.BEATS)) {
      sayGoodbye();
    }
    servers.close();
  }

  private void sayGoodbye() {
    try {
      register.bye().get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.info("could not tell the other nodes that this one ends: {}", e.toString());
    }
  }

  private final class Watcher implements Servers.Watcher {

    @Override
    public CompletionStage<Void> prepare() {
      return RedisLedger.this.prepare().thenRun(() -> ifStarted(Pulse::begunAnew));
    }

    @Override
    public void available(Predicate<String> hasKey) {
      mirrors.forEach(
          (feed, mirror) -> {
            if (hasKey.test(feed)) {
              mirror.resume();
            }
          });
    }

    @Override
    public void message(String name, byte[] bytes) {
      Mirror mirror = mirrors.get(name);
      if (mirror != null) {
        mirror.message(Message.decode(bytes));
      } else if (!isClosed) {
        store.unsubscribe(name);
      }
    }

    /** If it is followed all the same, one that followed it before was late to let go. */
    @Override
    public void unsubscribed(String name) {
      Mirror mirror = mirrors.get(name);
      if (mirror != null) {
        mirror.resume();
      }
    }

    @Override
    public void tick() {
      mirrors.values().forEach(Mirror::tick);
      ifStarted(current -> current.tick(servers.isAvailable(Keys.BEATS)));
    }
  }
}
