package io.pipely.endurance;

import io.pipely.contract.Events;
import io.pipely.contract.RawRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events of one length, each of which has its number and the time at which it was due where they
 * are found without parsing JSON, which would cost the clients more than the server. Immutable.
 */
final class TimedEvents {

  private static final int NUMBER_DIGITS = 8;

  /** A sign is one of them. */
  private static final int TIME_DIGITS = 20;

  private static final String TYPE = "timed";
  private static final String ORIGIN = "publisher";
  private static final byte[] START = ascii(upToPayload() + '"');

  private final String filling;

  private TimedEvents(String filling) {
    this.filling = filling;
  }

  /** Such whose whole JSON text has so many bytes. */
  static TimedEvents ofLength(int bytes) {
    int empty = new TimedEvents("").text(0, 0).length();
    return new TimedEvents("x".repeat(bytes - empty));
  }

  /**
   * One of them.
   *
   * @param number from 0 on
   * @param due of {@link System#nanoTime}
   */
  RawRequest publication(int number, long due) {
    return RawRequest.publish(text(number, due));
  }

  private String text(int number, long due) {
    String payload = String.format("%08d%+020d", number, due) + filling;
    return Events.event(TYPE, ORIGIN, '"' + payload + '"');
  }

  /** Whether a text begins as one of these. */
  static boolean isOne(byte[] text, int from, int to) {
    return to - from >= START.length
        && Arrays.equals(text, from, from + START.length, START, 0, START.length);
  }

  static int number(byte[] text, int from) {
    return (int) digits(text, from + START.length, NUMBER_DIGITS);
  }

  static long due(byte[] text, int from) {
    return digits(text, from + START.length + NUMBER_DIGITS, TIME_DIGITS);
  }

  private static long digits(byte[] text, int from, int count) {
    return Long.parseLong(new String(text, from, count, StandardCharsets.US_ASCII));
  }

  private static String upToPayload() {
    String empty = Events.event(TYPE, ORIGIN, "");
    return empty.substring(0, empty.length() - 1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
