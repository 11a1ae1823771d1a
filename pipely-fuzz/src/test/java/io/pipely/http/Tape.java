package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Takes an input apart: into texts that end with the byte FF, which is in no UTF-8 text. Surrogates
 * that are written like other characters (ED A0 80 to ED BF BF) stay what they are, so that halves
 * of pairs get in; any other byte that is not UTF-8 is a replacement character.
 */
final class Tape {

  private final byte[] bytes;
  private int at;

  Tape(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  /** The next text; empty where there is no more. */
  String next() {
    int end = at;
    while (end < bytes.length && bytes[end] != (byte) 0xFF) {
      end++;
    }
    StringBuilder text = new StringBuilder();
    int plain = at;
    for (int i = at; i < end; i++) {
      if (isSurrogate(i, end)) {
        text.append(new String(Arrays.copyOfRange(bytes, plain, i), UTF_8));
        text.append((char) (0xD000 | (bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F)));
        plain = i + 3;
        i += 2;
      }
    }
    text.append(new String(Arrays.copyOfRange(bytes, plain, end), UTF_8));
    at = Math.min(end + 1, bytes.length);
    return text.toString();
  }

  private boolean isSurrogate(int i, int end) {
    return i + 2 < end
        && bytes[i] == (byte) 0xED
        && (bytes[i + 1] & 0xE0) == 0xA0
        && (bytes[i + 2] & 0xC0) == 0x80;
  }
}
