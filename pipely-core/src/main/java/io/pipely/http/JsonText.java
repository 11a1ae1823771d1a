package io.pipely.http;

import io.pipely.Refusal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a JSON parser does not do for us: strictness about the text's encoding, and brevity. */
final class JsonText {

  private JsonText() {}

  /**
   * Refuses what is not UTF-8 without a byte-order mark, and halves of surrogate pairs that are
   * written as escapes, which no UTF-8 text can hold once they are read.
   */
  static void check(byte[] text) throws BadRequest {
    boolean isAscii = true;
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b < 0) {
        isAscii = false;
      } else if (b == 0) {
        throw malformed("it has a NUL character at byte " + (i + 1));
      } else if (b == '\\') {
        i += checkEscape(text, i);
      }
    }
    if (!isAscii) {
      checkEncoding(text);
    }
  }

  /** How many bytes of the escape follow the backslash. */
  private static int checkEscape(byte[] text, int backslash) throws BadRequest {
    int first = unicodeEscape(text, backslash);
    if (first < 0) {
      return 1; // Of another kind; whether it is a good one the parser says.
    }
    if (!Character.isSurrogate((char) first)) {
      return 5;
    }
    int second = unicodeEscape(text, backslash + 6);
    if (Character.isHighSurrogate((char) first)
        && second >= 0
        && Character.isLowSurrogate((char) second)) {
      return 11;
    }
    throw malformed("it has half of a surrogate pair at byte " + (backslash + 1));
  }

  /** The code unit of a unicode escape at a place, or -1 where there is none. */
  private static int unicodeEscape(byte[] text, int at) {
    if (at + 6 > text.length || text[at] != '\\' || text[at + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private static void checkEncoding(byte[] text) throws BadRequest {
    if (text.length >= 3
        && text[0] == (byte) 0xEF
        && text[1] == (byte) 0xBB
        && text[2] == (byte) 0xBF) {
      throw malformed("it begins with a byte-order mark");
    }
    ByteBuffer in = ByteBuffer.wrap(text);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(text.length), true);
    if (result.isError()) {
      throw malformed("it is not UTF-8 at byte " + (in.position() + 1));
    }
  }

  /** A part of valid JSON text without the white space between its tokens, hence on one line. */
  static byte[] compact(byte[] text, int from, int to) {
    byte[] target = new byte[to - from];
    int length = 0;
    boolean isInString = false;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (isInString && b == '\\') {
        target[length++] = b;
        b = text[++i];
      } else if (b == '"') {
        isInString = !isInString;
      } else if (!isInString && b <= ' ' && b >= 0) {
        continue;
      }
      target[length++] = b;
    }
    return length == target.length ? target : Arrays.copyOf(target, length);
  }

  static BadRequest malformed(String what) {
    return new BadRequest(Refusal.MALFORMED_BODY, Refusal.MALFORMED_BODY.message() + ": " + what);
  }
}
