package io.pipely.config;

import io.pipely.Pipely;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the texts of options are read; what cannot be is an {@link IllegalArgumentException}. */
final class Texts {

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(KiB|MiB)?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,7})(ms|s|m)");

  /** As a browser writes it (RFC 6454, 6.2): in small letters, no path, not even a slash. */
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9._\\[\\]:-]+");

  private Texts() {}

  static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** A number of at least 1: digits alone, no sign. */
  static int count(String text) {
    check(COUNT.matcher(text).matches(), text);
    int count = Integer.parseInt(text);
    check(count > 0, text);
    return count;
  }

  /** A number of bytes, at least 1 and below 2 GiB, which may be given in KiB or MiB. */
  static int size(String text) {
    Matcher matcher = SIZE.matcher(text);
    check(matcher.matches(), text);
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    long bytes = unit == null ? number : unit.equals("KiB") ? number << 10 : number << 20;
    check(bytes > 0 && bytes <= Integer.MAX_VALUE, text);
    return (int) bytes;
  }

  /** A number of milliseconds, seconds or minutes, which may be none. */
  static Duration time(String text) {
    Matcher matcher = TIME.matcher(text);
    check(matcher.matches(), text);
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  static Duration positiveTime(String text) {
    Duration time = time(text);
    check(!time.isZero(), text);
    return time;
  }

  /** What the builder takes for a key. */
  static String key(String text) {
    Pipely.builder().serverKey(text);
    return text;
  }

  /** All, or those of a list; spaces around its commas do not matter. */
  static List<String> origins(String text) {
    if (text.equals("*")) {
      return List.of(text);
    }
    List<String> origins = List.of(text.strip().split("\\s*,\\s*", -1));
    for (String origin : origins) {
      check(ORIGIN.matcher(origin).matches(), text);
    }
    return origins;
  }

  private static void check(boolean isRight, String text) {
    if (!isRight) {
      throw new IllegalArgumentException(text);
    }
  }
}
