package io.pipely.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis, be it one server or a cluster of them: which server has which keys, and a {@link
 * Connection} to each that has some.
 *
 * <p>Whoever is connected to says which servers there are, whenever the connection is a new one.
 * While something is amiss, one that can be reached is asked again every second.
 */
final class Servers implements AutoCloseable {

  /** Is told with no lock held. */
  interface Watcher {

    /** What has to be done before the server that has {@link Keys#BEATS} counts as available. */
    CompletionStage<Void> prepare();

    /** A server has become available, or has keys that another one had: those keys. */
    void available(Predicate<String> hasKey);

    /** What was published on a channel that is subscribed to; in order. */
    void message(String channel, byte[] message);

    /** A channel is not subscribed to any more. */
    void unsubscribed(String channel);

    /** Several times a second, available or not. */
    void tick();
  }

  private static final Logger log = LoggerFactory.getLogger(Servers.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long TICK_MILLIS = 100;
  private static final long ASK_EVERY = Duration.ofSeconds(1).toNanos();

  /** How a server says that it is not the one to be asked for a key, or not yet. */
  private static final List<String> ELSEWHERE =
      List.of("MOVED ", "ASK ", "TRYAGAIN", "CLUSTERDOWN");

  private final RedisURI uri;
  private final Watcher watcher;
  private final ClientResources resources;
  private final RedisClient client;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pipely-redis");
            thread.setDaemon(true);
            return thread;
          });

  // Guarded by this.
  private final Map<String, Connection> connections = new HashMap<>();
  private boolean isClosed;
  private @Nullable Throwable failure;

  /** Who has the keys of each slot; replaced as a whole. */
  private volatile @Nullable Connection[] owners = new Connection[SlotHash.SLOT_COUNT];

  /** Whether a server has told which there are. */
  private volatile boolean isKnown;

  private volatile boolean isCluster;

  /** Whether somebody was asked for a key that another one has. */
  private volatile boolean isOutdated;

  /** When the servers were asked last; of the clock's thread. */
  private long asked = System.nanoTime();

  Servers(RedisURI uri, Watcher watcher) {
    this.uri = uri;
    this.watcher = watcher;
    uri.setTimeout(CONNECT_TIMEOUT);
    resources =
        DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).tcpNoDelay(true).build())
            .timeoutOptions(
                TimeoutOptions.builder()
                    .timeoutCommands(true)
                    .timeoutSource(new CommandTimeouts())
                    .build())
            .build());
    Arrays.fill(owners, connection(uri));
  }

  /** For how long a command is waited for; for a PING the {@link Link} knows better. */
  private static final class CommandTimeouts extends TimeoutOptions.TimeoutSource {

    private static final long NONE = -1;

    @Override
    public long getTimeout(RedisCommand<?, ?, ?> command) {
      return command.getType() == CommandType.PING ? NONE : COMMAND_TIMEOUT.toMillis();
    }
  }

  /**
   * Begins, and waits until all of Redis is available; after that time it will do with the server
   * that has {@link Keys#BEATS}.
   *
   * @throws IllegalStateException where that one is not available either
   */
  void start(Duration patience) {
    var unused = clock.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      try {
        while (!isAvailable() && end - System.nanoTime() > 0) {
          wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (isAvailable(Keys.BEATS)) {
        if (!isAvailable()) {
          log.warn("some of Redis at {} is not available", this, failure);
        }
        return;
      }
    }
    close();
    throw new IllegalStateException("cannot reach Redis at " + this, failure);
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      all().forEach(connection -> connection.tick(now));
      if (isCluster && now - asked >= ASK_EVERY && (isOutdated || !isAvailable())) {
        asked = now;
        isOutdated = false;
        askAgain();
      }
      watcher.tick();
    } catch (RuntimeException | Error e) {
      log.error("a tick failed", e);
    }
  }

  private synchronized List<Connection> all() {
    return List.copyOf(connections.values());
  }

  // Which servers there are.

  private synchronized Connection connection(RedisURI at) {
    return connections.computeIfAbsent(
        at.getHost() + ':' + at.getPort(),
        address -> new Connection(client, at, new Changes(), System.nanoTime()));
  }

  /** One that can be reached; where there is none, the one that was there at first. */
  private void askAgain() {
    List<Connection> available = all().stream().filter(Connection::isAvailable).toList();
    if (available.isEmpty()) {
      connection(uri);
    } else {
      // Not always the same: one that the others have lost does not know of it.
      int any = ThreadLocalRandom.current().nextInt(available.size());
      var unused = learn(available.get(any));
    }
  }

  /** Asks a server which servers there are, and goes by that. */
  private CompletableFuture<Void> learn(Connection from) {
    return from.<List<Object>>send(redis -> redis.clusterSlots().toCompletableFuture())
        .handle(
            (answer, failed) -> {
              if (failed == null && answer.isEmpty()) {
                // It has lost, or has yet to meet, the others.
                throw new RedisException("knows of no server that has any keys");
              } else if (failed == null) {
                isCluster = true;
                assign(from, SlotRange.decode(answer));
              } else if (isNoCluster(Failures.cause(failed))) {
                assign(from, List.of(alone(from)));
              } else {
                throw new RedisException(Failures.cause(failed));
              }
              return null;
            });
  }

  /** Its cluster support is disabled, or it knows or permits no such command. */
  private static boolean isNoCluster(Throwable failed) {
    String message = String.valueOf(failed.getMessage());
    return failed instanceof RedisCommandExecutionException
        && (message.startsWith("ERR ") || message.startsWith("NOPERM"));
  }

  private static SlotRange alone(Connection server) {
    RedisURI at = server.uri();
    return new SlotRange(0, SlotHash.SLOT_COUNT - 1, at.getHost(), at.getPort());
  }

  private void assign(Connection from, List<SlotRange> ranges) {
    @Nullable Connection[] next = new Connection[SlotHash.SLOT_COUNT];
    @Nullable Connection[] before;
    List<Connection> dropped;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      for (SlotRange range : ranges) {
        String host = Objects.requireNonNullElse(range.host(), from.uri().getHost());
        RedisURI at = RedisURI.builder(uri).withHost(host).withPort(range.port()).build();
        Arrays.fill(next, range.from(), range.to() + 1, connection(at));
      }
      before = owners;
      owners = next;
      isKnown = true;
      notifyAll();
      dropped = new ArrayList<>(connections.values());
      dropped.removeAll(Arrays.asList(next));
      connections.values().removeAll(dropped);
    }
    dropped.forEach(this::closeLater);
    BitSet moved = new BitSet();
    for (int slot = 0; slot < next.length; slot++) {
      moved.set(slot, next[slot] != before[slot] && isAvailable(next[slot]));
    }
    if (!moved.isEmpty()) {
      watcher.available(key -> moved.get(SlotHash.getSlot(key)));
    }
  }

  /** Not on a thread by which it would itself be told that it is closed. */
  private void closeLater(Connection connection) {
    try {
      clock.execute(connection::close);
    } catch (RejectedExecutionException e) {
      log.debug("closed meanwhile", e);
    }
  }

  private final class Changes implements Connection.Watcher {

    /** One that was known before may know less than the others when it is back. */
    @Override
    public CompletionStage<Void> prepare(Connection connection) {
      boolean isNew = !isKnown || !Arrays.asList(owners).contains(connection);
      return (isNew ? learn(connection) : CompletableFuture.<Void>completedFuture(null))
          .thenCompose(
              learned ->
                  owner(Keys.BEATS) == connection
                      ? watcher.prepare()
                      : CompletableFuture.completedFuture(null));
    }

    @Override
    public void available(Connection connection) {
      synchronized (Servers.this) {
        Servers.this.notifyAll();
      }
      watcher.available(key -> owner(key) == connection);
    }

    @Override
    public void down(Throwable reason) {
      synchronized (Servers.this) {
        failure = reason;
      }
    }

    @Override
    public void message(String channel, byte[] message) {
      watcher.message(channel, message);
    }

    @Override
    public void unsubscribed(String channel) {
      watcher.unsubscribed(channel);
    }
  }

  // What is asked of them.

  private @Nullable Connection owner(String key) {
    return owners[SlotHash.getSlot(key)];
  }

  /** Whether the servers of all keys are available. */
  boolean isAvailable() {
    return Arrays.stream(owners).distinct().allMatch(Servers::isAvailable);
  }

  /** Whether the server of a key is available. */
  boolean isAvailable(String key) {
    return isAvailable(owner(key));
  }

  private static boolean isAvailable(@Nullable Connection owner) {
    return owner != null && owner.isAvailable();
  }

  /** Sends a command to the server that has the key; fails where there is no link to it. */
  <T> CompletableFuture<T> send(
      String key, Function<RedisAsyncCommands<String, byte[]>, CompletableFuture<T>> command) {
    return over(key, owner -> owner.send(command));
  }

  CompletableFuture<Void> subscribe(String channel) {
    return over(channel, owner -> owner.subscribe(channel));
  }

  CompletableFuture<Void> unsubscribe(String channel) {
    return over(channel, owner -> owner.unsubscribe(channel));
  }

  /** Does what is done for many keys, once it has its turn at the server of that one. */
  <T> CompletableFuture<T> inTurn(String key, Supplier<CompletableFuture<T>> work) {
    Connection owner = owner(key);
    return owner == null ? nobodyHas(key) : owner.turns().run(work);
  }

  private static <T> CompletableFuture<T> nobodyHas(String key) {
    return CompletableFuture.failedFuture(new RedisException("no server has the key " + key));
  }

  private <T> CompletableFuture<T> over(
      String key, Function<Connection, CompletableFuture<T>> command) {
    Connection owner = owner(key);
    if (owner == null) {
      return nobodyHas(key);
    }
    return command
        .apply(owner)
        .whenComplete(
            (answer, failed) -> {
              if (failed != null && isElsewhere(Failures.cause(failed))) {
                isOutdated = true;
              }
            });
  }

  private static boolean isElsewhere(Throwable failed) {
    String message = String.valueOf(failed.getMessage());
    return failed instanceof RedisCommandExecutionException
        && ELSEWHERE.stream().anyMatch(message::startsWith);
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    clock.shutdownNow();
    all().forEach(Connection::close);
    closeClient();
    // Not at once: what the links had to tell last is still being told.
    resources
        .shutdown(100, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
  }

  /** Its own way of waiting fails where the thread is interrupted, and has no end. */
  private void closeClient() {
    long atMost = CLOSE_TIMEOUT.toMillis();
    try {
      client.shutdownAsync(0, atMost, TimeUnit.MILLISECONDS).get(atMost, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("not closed in good order", e);
    }
  }

  /** The address that was given, without the password. */
  @Override
  public String toString() {
    return Connection.shown(uri);
  }
}
