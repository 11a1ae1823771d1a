package io.pipely.redis;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What a channel's keys are called in Redis, and those that belong to no channel.
 *
 * <p>All of a channel's have one hash tag, so that a Redis Cluster has them in one place and a
 * script may touch them together. The id is in hexadecimal, since it may itself hold braces.
 *
 * @param state a hash: epoch, version, last, bytes, and password where there is one
 * @param seats a hash: a record for each seat's id
 * @param log a stream: the entry numbered n has the id n-0
 * @param feed the sharded channel on which each change is told
 */
record Keys(String state, String seats, String log, String feed) {

  /** Under which all nodes hash secrets. */
  static final String SECRET = "pipely:key";

  /** A random word that is lost if the data are. */
  static final String RUN = "pipely:run";

  /** A hash: how far each node has counted, or {@link Census#BYE}. */
  static final String BEATS = "pipely:{nodes}:beats";

  static Keys of(String channelId) {
    String hex = HexFormat.of().formatHex(channelId.getBytes(StandardCharsets.UTF_8));
    String prefix = "pipely:{" + hex + "}:";
    return new Keys(prefix + "state", prefix + "seats", prefix + "log", prefix + "feed");
  }

  /** What the scripts expect of a channel's. */
  List<String> all() {
    return List.of(state, seats, log);
  }

  /** A set: the ids of the channels where a node has seats, or had. */
  static String channelsOf(String node) {
    return "pipely:{nodes}:channels:" + node;
  }
}
