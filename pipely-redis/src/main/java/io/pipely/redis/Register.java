package io.pipely.redis;

import io.pipely.ChannelInfo;
import io.pipely.spi.Seat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Redis has about nodes: how far each has counted, and in which channels it has seats. Of the
 * latter it has too much rather than too little: a channel is noted before a seat is taken there,
 * and struck out at some time after the last one is given up.
 */
final class Register {

  /** So many channels are asked for at once. */
  private static final int AT_ONCE = 200;

  private final Servers servers;
  private final String node;

  /** Where this node has seats, as far as Redis has been told. */
  private final Set<String> noted = ConcurrentHashMap.newKeySet();

  /** Where of those it is not known that Redis has been told. */
  private final Set<String> unsaid = ConcurrentHashMap.newKeySet();

  Register(Servers servers, String node) {
    this.servers = servers;
    this.node = node;
  }

  /** The node that this is about. */
  String node() {
    return node;
  }

  /** Enters this node, where it has not been. */
  CompletableFuture<Boolean> enter() {
    return enter(node);
  }

  private CompletableFuture<Boolean> enter(String each) {
    return servers.send(
        Keys.BEATS,
        redis -> redis.hsetnx(Keys.BEATS, each, bytes(Census.NONE)).toCompletableFuture());
  }

  /** Counts, and gives how far this node has come. */
  CompletableFuture<Long> count() {
    return servers.send(
        Keys.BEATS, redis -> redis.hincrby(Keys.BEATS, node, 1).toCompletableFuture());
  }

  /** How far each node has come. */
  CompletableFuture<Map<String, String>> counts() {
    return servers
        .send(Keys.BEATS, redis -> redis.hgetall(Keys.BEATS).toCompletableFuture())
        .thenApply(
            found -> {
              Map<String, String> counts = new HashMap<>();
              found.forEach((name, count) -> counts.put(name, text(count)));
              return counts;
            });
  }

  /** Says that this node ends. */
  CompletableFuture<Boolean> bye() {
    return servers.send(
        Keys.BEATS, redis -> redis.hset(Keys.BEATS, node, bytes(Census.BYE)).toCompletableFuture());
  }

  /** Notes that this node is about to have a seat in a channel, or has one. */
  void note(String channelId) {
    if (noted.add(channelId)) {
      add(node, channelId);
    }
  }

  /** Notes all of it again: Redis may have forgotten it. */
  void noteAgain() {
    noted.forEach(channelId -> add(node, channelId));
  }

  /** Notes what could not be noted; to be called once in a while. */
  void noteTheRest() {
    List<String> again = List.copyOf(unsaid);
    again.forEach(unsaid::remove);
    again.stream().filter(noted::contains).forEach(channelId -> add(node, channelId));
  }

  /** Notes for whichever nodes have seats in a channel that Redis had lost. */
  void noteFor(Collection<Place> places, String channelId) {
    places.stream()
        .map(place -> place.seat().node())
        .distinct()
        .forEach(
            each -> {
              var unused = enter(each);
              add(each, channelId);
            });
  }

  private void add(String each, String channelId) {
    String key = Keys.channelsOf(each);
    CompletionStage<Long> done =
        servers.send(key, redis -> redis.sadd(key, bytes(channelId)).toCompletableFuture());
    done.whenComplete(
        (added, failure) -> {
          if (failure != null && each.equals(node)) {
            unsaid.add(channelId);
          }
        });
  }

  /** This node has no seat in a channel any more. */
  void strikeOut(String channelId) {
    if (noted.remove(channelId)) {
      String key = Keys.channelsOf(node);
      var unused =
          servers.send(key, redis -> redis.srem(key, bytes(channelId)).toCompletableFuture());
    }
  }

  /** Where a node has seats, or had. */
  CompletableFuture<Set<String>> channelsOf(String each) {
    String key = Keys.channelsOf(each);
    return servers
        .send(key, redis -> redis.smembers(key).toCompletableFuture())
        .thenApply(
            found -> {
              Set<String> channels = new HashSet<>();
              found.forEach(channelId -> channels.add(text(channelId)));
              return channels;
            });
  }

  /**
   * Forgets a dead node, if it has no seat anywhere and has not counted on.
   *
   * @param count at which it stands
   * @param channels where it has seats, or had
   */
  CompletableFuture<Void> forget(String each, String count, Set<String> channels) {
    return hasSeat(each, channels.iterator())
        .thenCompose(
            hasSeat ->
                hasSeat
                    ? CompletableFuture.completedFuture(0L)
                    : servers.send(
                        Keys.BEATS,
                        redis ->
                            Script.FORGET.run(
                                redis,
                                List.of(Keys.BEATS, Keys.channelsOf(each)),
                                List.of(bytes(each), bytes(count)))))
        .thenAccept(forgotten -> {});
  }

  private CompletableFuture<Boolean> hasSeat(String each, Iterator<String> channels) {
    if (!channels.hasNext()) {
      return CompletableFuture.completedFuture(false);
    }
    return seats(channels.next())
        .thenCompose(
            seats ->
                seats.stream().anyMatch(place -> place.seat().node().equals(each))
                    ? CompletableFuture.completedFuture(true)
                    : hasSeat(each, channels));
  }

  /** All channels that have members. */
  CompletionStage<List<ChannelInfo>> list() {
    return counts()
        .thenCompose(counts -> all(counts.keySet().stream().map(this::channelsOf).toList()))
        .thenApply(
            found -> {
              Set<String> all = new HashSet<>();
              found.forEach(all::addAll);
              return List.copyOf(all);
            })
        .thenCompose(ids -> list(ids, 0, new ArrayList<>()));
  }

  private CompletableFuture<List<ChannelInfo>> list(
      List<String> ids, int from, List<ChannelInfo> listed) {
    if (from >= ids.size()) {
      return CompletableFuture.completedFuture(listed);
    }
    int to = Math.min(ids.size(), from + AT_ONCE);
    return all(ids.subList(from, to).stream().map(this::look).toList())
        .thenCompose(
            found -> {
              found.stream().filter(info -> !info.clients().isEmpty()).forEach(listed::add);
              return list(ids, to, listed);
            });
  }

  private CompletableFuture<ChannelInfo> look(String channelId) {
    String key = Keys.of(channelId).state();
    return servers
        .send(key, redis -> redis.hexists(key, "password").toCompletableFuture())
        .thenCombine(
            seats(channelId),
            (isProtected, places) ->
                new ChannelInfo(
                    channelId,
                    isProtected,
                    places.stream().map(Place::seat).map(Seat::clientId).toList()));
  }

  private CompletableFuture<List<Place>> seats(String channelId) {
    String key = Keys.of(channelId).seats();
    return servers
        .send(key, redis -> redis.hgetall(key).toCompletableFuture())
        .thenApply(
            found -> {
              List<Place> places = new ArrayList<>();
              found.forEach((seat, place) -> places.add(EntryCodec.decodePlace(seat, place)));
              places.sort(Comparator.comparingLong(Place::order));
              return places;
            });
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
