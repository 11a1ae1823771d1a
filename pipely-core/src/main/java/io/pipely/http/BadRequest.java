package io.pipely.http;

import io.pipely.Refusal;
import java.util.regex.Pattern;

/** A request that cannot be read; says what is wrong and where. */
final class BadRequest extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int MAX_QUOTE = 120;

  /** Control, format and separator characters (Unicode's Cc, Cf, Zl, Zp). */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private final Refusal refusal;

  /** Without a stack trace: clients make these, as fast as they can. */
  BadRequest(Refusal refusal, String message) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  /** Text of the client's for a message: one line, short, and nothing that could hide the rest. */
  static String quote(String text) {
    String line = text.lines().findFirst().orElse("");
    String printable = UNPRINTABLE.matcher(line).replaceAll("?");
    return printable.codePointCount(0, printable.length()) <= MAX_QUOTE
        ? printable
        : printable.substring(0, printable.offsetByCodePoints(0, MAX_QUOTE)) + "...";
  }

  /** The same of one of several events, counted from 0. */
  BadRequest at(int index) {
    return new BadRequest(refusal, index + ": " + getMessage());
  }

  Refusal refusal() {
    return refusal;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
