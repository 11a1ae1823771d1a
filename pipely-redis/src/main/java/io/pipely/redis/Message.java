package io.pipely.redis;

import io.pipely.spi.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scripts tell those who follow a channel. Each part is its length in decimal, a colon and
 * its bytes.
 *
 * @param version the channel's version after it
 * @param first the number of its first entry
 * @param change by which it came, empty where the channel was restored
 * @param isCreation whether the channel begins with it
 * @param isEnd whether the channel is no more
 * @param passwordHash of a channel that begins
 */
record Message(
    String epoch,
    long version,
    long first,
    String change,
    boolean isCreation,
    boolean isEnd,
    @Nullable String passwordHash,
    List<Entry> entries) {

  private static final int HEAD = 7;

  static Message decode(byte[] bytes) {
    List<byte[]> parts = parts(bytes);
    List<Entry> entries = new ArrayList<>();
    for (byte[] entry : parts.subList(HEAD, parts.size())) {
      entries.add(EntryCodec.decode(entry));
    }
    String password = text(parts.get(6));
    return new Message(
        text(parts.get(0)),
        Long.parseLong(text(parts.get(1))),
        Long.parseLong(text(parts.get(2))),
        text(parts.get(3)),
        text(parts.get(4)).equals("1"),
        text(parts.get(5)).equals("1"),
        password.isEmpty() ? null : password,
        entries);
  }

  /** The number of its last entry; where it has none, one less than its first. */
  long last() {
    return first + entries.size() - 1;
  }

  private static List<byte[]> parts(byte[] bytes) {
    List<byte[]> parts = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int length = 0;
      while (bytes[at] != ':') {
        length = length * 10 + (bytes[at] - '0');
        at++;
      }
      at++;
      parts.add(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    return parts;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
