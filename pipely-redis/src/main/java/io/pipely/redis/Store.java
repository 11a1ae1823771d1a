package io.pipely.redis;

import io.lettuce.core.SetArgs;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of Redis about channels, as arguments and answers. Nothing here waits. */
final class Store {

  private static final Logger log = LoggerFactory.getLogger(Store.class);

  private static final long REFUSAL_EVERY = Duration.ofSeconds(10).toNanos();

  private final AtomicLong nextRefusal = new AtomicLong(System.nanoTime());
  private final Servers servers;
  private final int keepBytes;
  private final Duration keepTime;

  Store(Servers servers, int keepBytes, Duration keepTime) {
    this.servers = servers;
    this.keepBytes = keepBytes;
    this.keepTime = keepTime;
  }

  /** Whether there is a way to where the channel is. */
  boolean isAvailable(Keys keys) {
    return servers.isAvailable(keys.state());
  }

  /** Where it fails the link is lost, and with it what was subscribed to. */
  void unsubscribe(String feed) {
    var unused = servers.unsubscribe(feed);
  }

  /**
   * How a channel is, and what is new if a part is known; where that is wanted, once it has been
   * subscribed to.
   */
  CompletableFuture<Reading> read(
      Keys keys, boolean subscribes, String epoch, long last, String lastChange) {
    List<String> names = List.of(keys.state(), keys.seats(), keys.log(), keys.run());
    List<byte[]> arguments =
        List.of(
            bytes(epoch), bytes(Long.toString(last)), bytes(lastChange), bytes(Words.ofBytes(16)));
    return servers.inTurn(
        keys.state(),
        () ->
            (subscribes
                    ? servers.subscribe(keys.feed())
                    : CompletableFuture.<Void>completedFuture(null))
                .thenCompose(
                    done ->
                        servers.<List<?>>send(
                            keys.state(), redis -> Script.READ.run(redis, names, arguments)))
                .thenApply(answer -> Reading.decode(answer, keepTime)));
  }

  /** Redis would not do what it was asked to do: said once in a while. */
  void refused(Throwable refusal) {
    long now = System.nanoTime();
    long due = nextRefusal.get();
    if (now - due >= 0 && nextRefusal.compareAndSet(due, now + REFUSAL_EVERY)) {
      log.warn("Redis has refused a change: {}", refusal.getMessage());
    }
  }

  /**
   * Enters a change, if all is still so.
   *
   * @param known the number of an entry that must not be lost
   * @param version the channel's after the change
   * @param put the seats that are others after it, by id
   * @param removed the ids of the seats that are no more
   * @return the first entry's number, 0 where the change was not entered
   */
  CompletableFuture<Long> commit(
      Keys keys,
      String channelId,
      Change change,
      long known,
      long version,
      Map<String, Place> put,
      Collection<String> removed) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(keys.feed()));
    arguments.add(bytes(change.epoch()));
    arguments.add(bytes(change.creation() == null ? Long.toString(change.version()) : ""));
    arguments.add(bytes(Long.toString(known)));
    arguments.add(bytes(change.id()));
    arguments.add(bytes(Long.toString(version)));
    arguments.add(orEmpty(change.creation() == null ? null : change.creation().passwordHash()));
    arguments.add(bytes(Integer.toString(keepBytes)));
    arguments.add(bytes(Long.toString(keepTime.toMillis())));
    arguments.add(bytes(Integer.toString(put.size())));
    addPlaces(arguments, put);
    arguments.add(bytes(Integer.toString(removed.size())));
    removed.forEach(seat -> arguments.add(bytes(seat)));
    for (Entry entry : change.entries()) {
      arguments.add(bytes(Integer.toString(EntryCodec.weight(channelId, entry))));
      arguments.add(EntryCodec.encode(entry));
    }
    return servers.send(keys.state(), redis -> Script.COMMIT.run(redis, keys.all(), arguments));
  }

  /**
   * Puts a channel back, if it has the epoch that was found.
   *
   * @return whether it had
   */
  CompletableFuture<Boolean> restore(
      Keys keys,
      Reading found,
      String epoch,
      String origin,
      long version,
      @Nullable String passwordHash,
      Map<String, Place> places) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(keys.feed()));
    arguments.add(bytes(found.epoch()));
    arguments.add(bytes(epoch));
    arguments.add(bytes(origin));
    arguments.add(bytes(Long.toString(version)));
    arguments.add(orEmpty(passwordHash));
    addPlaces(arguments, places);
    return servers
        .<Long>send(keys.state(), redis -> Script.RESTORE.run(redis, keys.all(), arguments))
        .thenApply(restored -> restored == 1);
  }

  CompletableFuture<Void> set(String key, String value) {
    return servers
        .send(key, redis -> redis.set(key, bytes(value)).toCompletableFuture())
        .thenAccept(done -> {});
  }

  /** What a key has; given this value where it has none. */
  CompletableFuture<String> setOnce(String key, String value) {
    return servers
        .send(
            key,
            redis -> redis.setGet(key, bytes(value), SetArgs.Builder.nx()).toCompletableFuture())
        .thenApply(found -> found == null ? value : new String(found, StandardCharsets.UTF_8));
  }

  private static void addPlaces(List<byte[]> arguments, Map<String, Place> places) {
    places.forEach(
        (seat, place) -> {
          arguments.add(bytes(seat));
          arguments.add(EntryCodec.encode(place));
        });
  }

  private static byte[] orEmpty(@Nullable String text) {
    return bytes(text == null ? "" : text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
