package io.pipely.redis;

import io.lettuce.core.cluster.SlotHash;
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
 * @param run a random word that is lost if the data are: the same for all channels of a slot, since
 *     of a cluster one server alone may lose what it has
 */
record Keys(String state, String seats, String log, String feed, String run) {

  /** Under which all nodes hash secrets. */
  static final String SECRET = "pipely:{nodes}:key";

  /** A hash: how far each node has counted, or {@link Census#BYE}. */
  static final String BEATS = "pipely:{nodes}:beats";

  static Keys of(String channelId) {
    String hex = HexFormat.of().formatHex(channelId.getBytes(StandardCharsets.UTF_8));
    String prefix = "pipely:{" + hex + "}:";
    String run = "pipely:{" + Tags.OF_SLOTS[SlotHash.getSlot(hex)] + "}:run";
    return new Keys(prefix + "state", prefix + "seats", prefix + "log", prefix + "feed", run);
  }

  /** What the scripts expect of a channel's. */
  List<String> all() {
    return List.of(state, seats, log);
  }

  /** For each slot a number that is in it, as a hash tag; found by trying. */
  private static final class Tags {
    static final String[] OF_SLOTS = new String[SlotHash.SLOT_COUNT];

    static {
      int found = 0;
      for (int number = 0; found < OF_SLOTS.length; number++) {
        String tag = Integer.toString(number);
        int slot = SlotHash.getSlot(tag);
        if (OF_SLOTS[slot] == null) {
          OF_SLOTS[slot] = tag;
          found++;
        }
      }
    }
  }

  /** A set: the ids of the channels where a node has seats, or had. */
  static String channelsOf(String node) {
    return "pipely:{nodes}:channels:" + node;
  }
}
