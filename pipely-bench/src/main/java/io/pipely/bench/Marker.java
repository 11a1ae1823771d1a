package io.pipely.bench;

import java.nio.charset.StandardCharsets;

/**
 * The part of a payload by which a delivery is recognised: a start, the time as 16 hexadecimal
 * digits, and the slot as 8. Its length is fixed, so that it is found and read without parsing
 * JSON, which would cost the bench more than the server.
 */
final class Marker {

  /** No character of it but the first is like the first, which makes it easy to find. */
  private static final byte[] START = "@pipely-bench:".getBytes(StandardCharsets.US_ASCII);

  private static final int TIME_DIGITS = Long.BYTES * 2;
  private static final int SLOT_DIGITS = Integer.BYTES * 2;

  /** Bytes. */
  static final int LENGTH = START.length + TIME_DIGITS + SLOT_DIGITS;

  private Marker() {}

  /** Takes what a marker says. */
  @FunctionalInterface
  interface Listener {

    /**
     * A marker has been read.
     *
     * @param time of {@link System#nanoTime}
     */
    void found(long time, int slot);
  }

  static void write(byte[] target, int at, long time, int slot) {
    System.arraycopy(START, 0, target, at, START.length);
    hex(target, at + START.length, TIME_DIGITS, time);
    hex(target, at + START.length + TIME_DIGITS, SLOT_DIGITS, slot);
  }

  private static void hex(byte[] target, int at, int digits, long value) {
    for (int i = 0; i < digits; i++) {
      int shift = 4 * (digits - 1 - i);
      target[at + i] = (byte) Character.forDigit((int) (value >>> shift) & 0xF, 16);
    }
  }

  /** Finds the markers in the bytes of one stream, however they are cut into chunks. */
  static final class Scanner {

    private final Listener listener;

    /** How many bytes of a marker have been seen. */
    private int seen;

    private long time;
    private int slot;

    Scanner(Listener listener) {
      this.listener = listener;
    }

    void next(byte b) {
      if (seen < START.length) {
        seen = b == START[seen] ? seen + 1 : b == START[0] ? 1 : 0;
        return;
      }
      int digit = Character.digit(b, 16);
      if (digit < 0) {
        seen = b == START[0] ? 1 : 0;
        return;
      }
      if (seen < START.length + TIME_DIGITS) {
        time = time << 4 | digit; // What was in it before is shifted out.
      } else {
        slot = slot << 4 | digit;
      }
      if (++seen == LENGTH) {
        seen = 0;
        listener.found(time, slot);
      }
    }
  }
}
