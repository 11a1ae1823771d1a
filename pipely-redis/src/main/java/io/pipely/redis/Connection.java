package io.pipely.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one server: one link for commands, one for what is told. It is available once both are
 * up and what is to be done first has been done, and until one of them is lost.
 */
final class Connection implements AutoCloseable {

  /** Is told with no lock held. */
  interface Watcher {

    /** What has to be done, on links that are both up, before the server counts as available. */
    CompletionStage<Void> prepare(Connection connection);

    /** Both links are up, at least one of them a new one. */
    void available(Connection connection);

    /** It is not available, or still not. */
    void down(Throwable reason);

    /** What was published on a channel that is subscribed to; in order. */
    void message(String channel, byte[] message);

    /** A channel is not subscribed to any more. */
    void unsubscribed(String channel);
  }

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** So much of what is done for many channels is under way at once. */
  private static final int TURNS = 200;

  private final RedisURI uri;
  private final Watcher watcher;
  private final Throttle turns = new Throttle(TURNS);
  private final Link<StatefulRedisConnection<String, byte[]>> commands;
  private final Link<StatefulRedisPubSubConnection<String, byte[]>> feeds;

  // Guarded by this.
  private int generation;
  private boolean wasAvailable;
  private boolean isClosed;

  private volatile boolean isAvailable;

  Connection(RedisClient client, RedisURI uri, Watcher watcher, long now) {
    this.uri = uri;
    this.watcher = watcher;
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

  /** To be called several times a second. */
  void tick(long now) {
    commands.tick(now);
    feeds.tick(now);
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
        .prepare(this)
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
    }
    log.info("Redis at {} is available", this);
    watcher.available(this);
  }

  private void linkDown(Throwable reason) {
    boolean isNew;
    synchronized (this) {
      generation++;
      isAvailable = false;
      isNew = wasAvailable && !isClosed;
      wasAvailable = false;
    }
    if (isNew) {
      log.warn("Redis at {} is not available: {}", this, reason.toString());
    }
    watcher.down(reason);
  }

  RedisURI uri() {
    return uri;
  }

  /** For what is done for many channels: the last would be given up before their turn otherwise. */
  Throttle turns() {
    return turns;
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
    commands.close();
    feeds.close();
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
