package io.pipely.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which server of a Redis Cluster has the keys of some slots.
 *
 * @param from the first slot
 * @param to the last slot
 * @param host null where it is the one by which the server was asked
 */
record SlotRange(int from, int to, @Nullable String host, int port) {

  /** From what {@code CLUSTER SLOTS} gives: first slot, last slot, who writes, and replicas. */
  static List<SlotRange> decode(List<?> answer) {
    List<SlotRange> ranges = new ArrayList<>(answer.size());
    for (Object each : answer) {
      List<?> range = (List<?>) each;
      List<?> writer = (List<?>) range.get(2);
      ranges.add(
          new SlotRange(
              number(range.get(0)),
              number(range.get(1)),
              host(writer.get(0)),
              number(writer.get(1))));
    }
    return ranges;
  }

  private static int number(Object value) {
    return Math.toIntExact((Long) value);
  }

  /** A server that does not know by what name it is to be called says nothing, or "?". */
  private static @Nullable String host(@Nullable Object value) {
    String host = value == null ? "" : new String((byte[]) value, StandardCharsets.UTF_8);
    return host.isEmpty() || host.equals("?") ? null : host;
  }
}
