package io.pipely.http;

import java.util.Optional;

/** Reads UTF-8 by the table of RFC 3629, 4, without the help of the JDK, and repairs nothing. */
final class Utf8 {

  private Utf8() {}

  /** The text; empty where the bytes are not UTF-8. */
  static Optional<String> read(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int i = 0;
    while (i < bytes.length) {
      int length = length(bytes, i);
      if (length == 0) {
        return Optional.empty();
      }
      int c = length == 1 ? bytes[i] : bytes[i] & (0x7F >> length);
      for (int j = i + 1; j < i + length; j++) {
        c = c << 6 | (bytes[j] & 0x3F);
      }
      text.appendCodePoint(c);
      i += length;
    }
    return Optional.of(text.toString());
  }

  /** How many bytes the character at a place has; 0 where there is none. */
  private static int length(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || at + length > bytes.length) {
      return 0;
    }
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80; // What is shorter, is not long.
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF; // Surrogates; above U+10FFFF.
    for (int i = at + 1; i < at + length; i++) {
      int next = bytes[i] & 0xFF;
      if (next < least || next > most) {
        return 0;
      }
      least = 0x80;
      most = 0xBF;
    }
    return length;
  }
}
