package io.pipely.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one link for commands, one for what is told. It is available once both are up
 * and what is to be done first has been done, and until one of them is lost.
 */
final class Connection implements AutoCloseable {

  /** Is told with no lock held. */
  interface Watcher {

    /** What has to be done, on links that are both up, before Redis counts as available. */
    CompletionStage<Void> prepare();

    /** Both links are up, at least one of them a new one. */
    void available();

    /** What was published on a channel that is subscribed to; in order. */
    void message(String channel, byte[] message);

    /** A channel is not subscribed to any more. */
    void unsubscribed(String channel);

    /** Several times a second, available or not. */
    void tick();
  }

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long TICK_MILLIS = 100;

  private final RedisURI uri;
  private final Watcher watcher;
  private final ClientResources resources;
  private final RedisClient client;
  private final Link<StatefulRedisConnection<String, byte[]>> commands;
  private final Link<StatefulRedisPubSubConnection<String, byte[]>> feeds;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pipely-redis");
            thread.setDaemon(true);
            return thread;
          });

  // Guarded by this.
  private int generation;
  private boolean wasAvailable;
  private boolean isClosed;
  private @Nullable Throwable failure;

  private volatile boolean isAvailable;

  Connection(RedisURI uri, Watcher watcher) {
    this.uri = uri;
    this.watcher = watcher;
    uri.setTimeout(CONNECT_TIMEOUT);
    resources =
        DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).tcpNoDelay(true).build())
            .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
            .build());
    long now = System.nanoTime();
    commands = new Link<>(() -> client.connectAsync(CODEC, uri), new Changes<>(c -> {}), now);
    feeds =
        new Link<>(
            () -> client.connectPubSubAsync(CODEC, uri),
            new Changes<>(c -> c.addListener(new Listener())),
            now);
  }

  private final class Listener extends RedisPubSubAdapter<String, byte[]> {

    @Override
    public void smessage(String channel, byte[] message) {
      feeds.heard();
      try {
        watcher.message(channel, message);
      } catch (RuntimeException e) {
        log.error("could not read what Redis tells", e);
      }
    }

    @Override
    public void sunsubscribed(String channel, long count) {
      watcher.unsubscribed(channel);
    }
  }

  /**
   * Begins, and waits until Redis is available.
   *
   * @throws IllegalStateException where it is not within that time
   */
  void start(Duration patience) {
    var unused = clock.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      try {
        while (!isAvailable && end - System.nanoTime() > 0) {
          wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (isAvailable) {
        return;
      }
    }
    close();
    throw new IllegalStateException("cannot reach Redis at " + this, failure);
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      commands.tick(now);
      feeds.tick(now);
      watcher.tick();
    } catch (RuntimeException | Error e) {
      log.error("a tick failed", e);
    }
  }

  /** What a link is told to do with its new connection, and what that means for both. */
  private final class Changes<C> implements Link.Watcher<C> {
    private final Consumer<C> first;

    Changes(Consumer<C> first) {
      this.first = first;
    }

    @Override
    public void up(C connection) {
      first.accept(connection);
      linkUp();
    }

    @Override
    public void down(Throwable reason) {
      linkDown(reason);
    }
  }

  private void linkUp() {
    StatefulRedisConnection<String, byte[]> one = commands.connection();
    StatefulRedisPubSubConnection<String, byte[]> other = feeds.connection();
    if (one == null || other == null) {
      return;
    }
    int mine;
    synchronized (this) {
      generation++;
      mine = generation;
    }
    watcher
        .prepare()
        .whenComplete(
            (done, failed) -> {
              if (failed == null) {
                available(mine);
              } else {
                commands.lost(one, Failures.cause(failed));
                feeds.lost(other, Failures.cause(failed));
              }
            });
  }

  private void available(int which) {
    synchronized (this) {
      if (which != generation || isClosed) {
        return;
      }
      isAvailable = true;
      wasAvailable = true;
      failure = null;
      notifyAll();
    }
    log.info("Redis at {} is available", this);
    watcher.available();
  }

  private void linkDown(Throwable reason) {
    synchronized (this) {
      generation++;
      isAvailable = false;
      failure = reason;
      if (!wasAvailable || isClosed) {
        return;
      }
      wasAvailable = false;
    }
    log.warn("Redis at {} is not available: {}", this, reason.toString());
  }

  boolean isAvailable() {
    return isAvailable;
  }

  /** Sends a command; fails where there is no link. */
  <T> CompletableFuture<T> send(
      Function<RedisAsyncCommands<String, byte[]>, CompletableFuture<T>> command) {
    return over(commands, c -> command.apply(c.async()));
  }

  CompletableFuture<Void> subscribe(String channel) {
    return over(feeds, c -> c.async().ssubscribe(channel).toCompletableFuture());
  }

  CompletableFuture<Void> unsubscribe(String channel) {
    return over(feeds, c -> c.async().sunsubscribe(channel).toCompletableFuture());
  }

  private static <C extends StatefulRedisConnection<String, byte[]>, T> CompletableFuture<T> over(
      Link<C> link, Function<C, CompletableFuture<T>> command) {
    C connection = link.connection();
    if (connection == null) {
      return CompletableFuture.failedFuture(new RedisException("not connected"));
    }
    try {
      return command
          .apply(connection)
          .whenComplete(
              (answer, failed) -> {
                if (failed == null) {
                  link.heard();
                }
              });
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      isAvailable = false;
      generation++;
    }
    clock.shutdownNow();
    commands.close();
    feeds.close();
    client.shutdown(Duration.ZERO, CLOSE_TIMEOUT);
    // Not at once: what the links had to tell last is still being told.
    resources
        .shutdown(100, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
  }

  /** The address, without the password. */
  @Override
  public String toString() {
    return shown(uri);
  }

  /** A URI without the password. */
  static String shown(RedisURI uri) {
    return (uri.isSsl() ? "rediss://" : "redis://")
        + uri.getHost()
        + ':'
        + uri.getPort()
        + (uri.getDatabase() == 0 ? "" : "/" + uri.getDatabase());
  }
}
