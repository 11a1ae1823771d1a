package io.pipely.core;

import io.pipely.Refusal;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for ids, types and passwords. Lengths count Unicode code points. */
final class Names {

  /** The origin of what the server itself has to say. */
  static final String SERVER = "server";

  private static final int CHANNEL_ID_LENGTH = 12;
  private static final int MIN_ID_LENGTH = 3;
  private static final int MAX_LENGTH = 128;
  private static final int MAX_PASSWORD_LENGTH = 256;

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{16,128}");

  private Names() {}

  static @Nullable Refusal checkChannelId(String id) {
    if (length(id) != CHANNEL_ID_LENGTH) {
      return Refusal.CHANNEL_ID_LENGTH;
    }
    return isPlain(id) ? null : Refusal.CHANNEL_ID_CHARACTERS;
  }

  static @Nullable Refusal checkClientId(String id) {
    if (length(id) < MIN_ID_LENGTH) {
      return Refusal.CLIENT_ID_TOO_SHORT;
    }
    if (length(id) > MAX_LENGTH) {
      return Refusal.CLIENT_ID_TOO_LONG;
    }
    if (!isPlain(id)) {
      return Refusal.CLIENT_ID_CHARACTERS;
    }
    return fold(id).equals(SERVER) ? Refusal.CLIENT_ID_RESERVED : null;
  }

  static @Nullable Refusal checkType(String type) {
    if (type.isEmpty()) {
      return Refusal.TYPE_MISSING;
    }
    if (length(type) > MAX_LENGTH) {
      return Refusal.TYPE_TOO_LONG;
    }
    if (!isPlain(type)) {
      return Refusal.TYPE_CHARACTERS;
    }
    return BuiltIn.isReserved(type) ? Refusal.TYPE_RESERVED : null;
  }

  static @Nullable Refusal checkOriginId(String id) {
    if (length(id) < MIN_ID_LENGTH) {
      return Refusal.ORIGIN_ID_TOO_SHORT;
    }
    if (length(id) > MAX_LENGTH) {
      return Refusal.ORIGIN_ID_TOO_LONG;
    }
    return isPlain(id) ? null : Refusal.ORIGIN_ID_CHARACTERS;
  }

  /**
   * The password of a channel to be created. Outer spaces are refused since a header cannot carry
   * them (RFC 9110, 5.5), so that nobody could publish.
   */
  static @Nullable Refusal checkNewPassword(String password) {
    boolean fits =
        length(password) <= MAX_PASSWORD_LENGTH
            && isPlain(password)
            && password.equals(password.strip());
    return fits ? null : Refusal.INVALID_PASSWORD;
  }

  /** 16 to 128 letters, digits, {@code -}, {@code .} and {@code _} of ASCII. */
  static @Nullable Refusal checkToken(String token) {
    return TOKEN.matcher(token).matches() ? null : Refusal.INVALID_TOKEN;
  }

  /**
   * What two ids have in common that count as the same: NFC text under simple case folding. Upper
   * case first and then lower case folds all that Unicode's CaseFolding.txt lists as C or S, and
   * the dotted and the dotless I too, which it keeps apart; they are left as they are.
   */
  static String fold(String id) {
    if (isFolded(id)) {
      return id;
    }
    String composed = Normalizer.normalize(id, Normalizer.Form.NFC);
    StringBuilder folded = new StringBuilder(composed.length());
    composed.codePoints().map(Names::fold).forEach(folded::appendCodePoint);
    return folded.toString();
  }

  private static int fold(int c) {
    return c == 0x130 || c == 0x131 ? c : Character.toLowerCase(Character.toUpperCase(c));
  }

  /** Most ids are plain lower-case ASCII and need no copy. */
  private static boolean isFolded(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c >= 0x80 || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Free of control characters and of halves of surrogate pairs, which UTF-8 cannot carry. */
  private static boolean isPlain(String text) {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (Character.isISOControl(c)
          || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }
}
