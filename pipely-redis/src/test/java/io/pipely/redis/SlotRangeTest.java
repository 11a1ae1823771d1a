package io.pipely.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotRangeTest {

  @Test
  void whoWritesIsToldFirstAndReplicasDoNotCount() {
    List<Object> answer =
        List.of(
            List.of(0L, 99L, server("10.0.0.1", 6379), server("10.0.0.9", 6379)),
            List.of(100L, 16_383L, server("redis-b", 6380)));
    assertEquals(
        List.of(
            new SlotRange(0, 99, "10.0.0.1", 6379), new SlotRange(100, 16_383, "redis-b", 6380)),
        SlotRange.decode(answer));
  }

  /**
   * As with {@code cluster-preferred-endpoint-type unknown-endpoint}, or before it has met any
   * other.
   */
  @Test
  void serverThatDoesNotKnowItsNameIsTheOneThatWasAsked() {
    for (String host : new String[] {null, "", "?"}) {
      List<Object> answer = List.of(List.of(0L, 16_383L, server(host, 7000)));
      assertEquals(List.of(new SlotRange(0, 16_383, null, 7000)), SlotRange.decode(answer));
    }
  }

  private static List<Object> server(String host, long port) {
    byte[] name = host == null ? null : host.getBytes(StandardCharsets.UTF_8);
    return Arrays.asList(name, port, "an id".getBytes(StandardCharsets.UTF_8), List.of());
  }
}
