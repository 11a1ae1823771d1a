package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkerTest {

  /** What a marker says. */
  private record Found(long time, int slot) {}

  private final List<Found> found = new ArrayList<>();
  private final Marker.Scanner scanner = new Marker.Scanner((t, s) -> found.add(new Found(t, s)));

  private void scan(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      scanner.next(b);
    }
  }

  private static String marker(long time, int slot) {
    byte[] bytes = new byte[Marker.LENGTH];
    Marker.write(bytes, 0, time, slot);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void aMarkerIsFoundWhereverItIs() {
    scan("data: {\"payload\":\"" + marker(12345, 7) + "xxx\"}\n\n" + marker(-1, -1));
    assertEquals(List.of(new Found(12345, 7), new Found(-1, -1)), found);
  }

  @Test
  void everyTimeAndSlotIsReadAsItWasWritten() {
    for (long time : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      for (int slot : new int[] {0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
        found.clear();
        scan(marker(time, slot));
        assertEquals(List.of(new Found(time, slot)), found);
      }
    }
  }

  @Test
  void aMarkerThatBreaksOffHidesNoOther() {
    String marker = marker(5, 6);
    for (int length = 0; length < marker.length(); length++) {
      found.clear();
      scan(marker.substring(0, length) + marker);
      scan(marker.substring(0, length) + "~");
      assertEquals(List.of(new Found(5, 6)), found, "after " + length);
    }
  }

  @Test
  void aMessageIsAsLongAsAskedForAndHasOneMarker() {
    for (int payload : new int[] {Message.MIN_PAYLOAD, 100, 1000}) {
      found.clear();
      byte[] body = new Message("channel-0000", payload).with(3, 4);
      String text = new String(body, StandardCharsets.US_ASCII);
      scan(text);
      assertEquals(List.of(new Found(3, 4)), found);
      assertEquals(payload, text.length() - 1 - text.indexOf("\"@"));
    }
  }

  @Test
  void aMarkerIsFoundHoweverTheStreamIsCut() {
    Seeds.each(
        200,
        random -> {
          List<Found> expected = new ArrayList<>();
          StringBuilder stream = new StringBuilder();
          for (int i = random.nextInt(20); i >= 0; i--) {
            Found next = new Found(random.nextLong(), random.nextInt());
            expected.add(next);
            stream.append(noise(random)).append(marker(next.time, next.slot));
          }
          stream.append(noise(random));
          found.clear();
          scanInChunks(stream.toString(), random);
          assertEquals(expected, found);
        });
  }

  /** Parts of markers, and what is between them. */
  private static String noise(Random random) {
    String marker = marker(random.nextLong(), random.nextInt());
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> marker.substring(random.nextInt(marker.length()) + 1);
      case 2 -> marker.substring(0, random.nextInt(marker.length())) + "\n";
      default -> "data: @@ {\"type\":\"CONNECT\",\"origin_id\":\"member-1\"}\n\n";
    };
  }

  private void scanInChunks(String stream, Random random) {
    int from = 0;
    while (from < stream.length()) {
      int to = Math.min(stream.length(), from + 1 + random.nextInt(40));
      scan(stream.substring(from, to));
      from = to;
    }
  }
}
