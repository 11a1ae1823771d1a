package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/**
 * Any texts as events: as many are read back from a stream as were written, with the same values
 * and ids, in whatever pieces it arrives. A name that UTF-8 cannot carry is not written at all.
 */
public final class SseFuzz {

  /** The object around a payload is a level more. */
  private static final int MAX_DEPTH = ExpectedEvent.MAX_DEPTH + 1;

  private SseFuzz() {}

  /** One input. The name is Jazzer's. */
  public static void fuzzerTestOneInput(byte[] input) {
    HostileStream stream = HostileStream.of(input);
    byte[] bytes = stream.bytes();
    assertRead(stream, bytes, bytes.length);
    assertRead(stream, bytes, 1);
    assertRead(stream, bytes, 2 + input.length % 11);
  }

  private static void assertRead(HostileStream stream, byte[] bytes, int piece) {
    SseReader reader = new SseReader();
    for (int i = 0; i < bytes.length; i += piece) {
      reader.bytes(bytes, i, Math.min(i + piece, bytes.length));
    }
    List<HostileStream.Seen> seen = new ArrayList<>();
    for (SseReader.Message message : reader.messages()) {
      assertEquals("message", message.type());
      seen.add(new HostileStream.Seen(json(message.data()), message.lastEventId()));
    }
    assertEquals(stream.expected(), seen);
    assertTrue(reader.isBetweenFrames(), "the stream ends with a whole frame");
    assertEquals(stream.lastEventId(), reader.lastEventId());
    assertTrue(reader.retry().matches("[0-9]{4,5}"), reader::retry);
  }

  private static Json json(String data) {
    try {
      return StrictJson.read(data.getBytes(UTF_8), MAX_DEPTH);
    } catch (StrictJson.Refused e) {
      throw new AssertionError("not JSON: " + data, e);
    }
  }
}
