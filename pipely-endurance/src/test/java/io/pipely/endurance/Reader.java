package io.pipely.endurance;

import io.pipely.contract.Events;
import io.pipely.contract.ResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What comes by one stream of {@link Readers}: {@link TimedEvents}, which have to be whole and in
 * order, and others, which are kept.
 */
final class Reader {

  private static final String DATA = "data: ";

  private final String name;
  private final ResponseDecoder response = new ResponseDecoder("GET", new LineHeads(this::line));

  // Guarded by this:

  private long[] latencies = new long[16];
  private int received;
  private int length;
  private final List<Other> others = new ArrayList<>();

  /** One that is not timed, and how many of the timed ones had come before. */
  private record Other(String text, int after) {}

  Reader(String name) {
    this.name = name;
  }

  /** How many timed events have come. */
  synchronized int received() {
    return received;
  }

  /** How long each of the timed events took from when it was due, in ns. */
  synchronized LongStream latencies() {
    return LongStream.of(Arrays.copyOf(latencies, received));
  }

  /** The events of a built-in type, in order; of a long one only how it begins. */
  synchronized List<String> others(String type) {
    return others.stream().map(Other::text).filter(text -> isOf(type, text)).toList();
  }

  /** Whether it was told that somebody has joined. */
  synchronized boolean knows(String clientId) {
    String joined = Events.connect(clientId);
    return others.stream().anyMatch(other -> other.text().equals(joined));
  }

  /** How many timed events had come before the first one of a built-in type, which has to be. */
  synchronized int receivedBefore(String type) {
    return others.stream()
        .filter(other -> isOf(type, other.text()))
        .findFirst()
        .orElseThrow()
        .after();
  }

  private static boolean isOf(String type, String text) {
    return text.contains("\"type\":\"" + type + "\"");
  }

  synchronized void feed(byte[] bytes, int count) {
    response.feed(bytes, 0, count);
    if (response.isHeadComplete() && response.status() != 200) {
      throw new AssertionError(this + ": status " + response.status());
    }
  }

  private void line(byte[] head, int kept, int lineLength) {
    if (TimedEvents.isOne(head, DATA.length(), kept)) {
      take(TimedEvents.number(head, DATA.length()), TimedEvents.due(head, DATA.length()));
      length = received == 1 ? lineLength : length;
      if (lineLength != length) {
        throw new AssertionError(this + ": not whole: " + lineLength + " bytes of " + length);
      }
    } else {
      String text = new String(head, 0, kept, StandardCharsets.UTF_8);
      if (text.startsWith(DATA)) {
        others.add(new Other(text.substring(DATA.length()), received));
      }
    }
  }

  private void take(int number, long due) {
    if (number != received) {
      throw new AssertionError(this + ": event " + number + " in place of " + received);
    }
    if (received == latencies.length) {
      latencies = Arrays.copyOf(latencies, received * 2);
    }
    latencies[received++] = System.nanoTime() - due;
  }

  @Override
  public String toString() {
    return name;
  }
}
