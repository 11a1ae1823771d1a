package io.pipely.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code Authorization: Password <password>}. */
final class Credentials {

  private static final String SCHEME = "Password ";

  private Credentials() {}

  /** All that follows the scheme and its one space; null where there is no such header. */
  static @Nullable String password(Request request) {
    String value = request.header("Authorization");
    // The scheme is compared without regard to case: RFC 9110, 11.1.
    return value != null && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? text(value.substring(SCHEME.length()))
        : null;
  }

  /**
   * A header's bytes are read as UTF-8 where they are UTF-8; servers hand them over as ISO-8859-1,
   * one character for each byte, which is also what browsers send.
   */
  private static String text(String value) {
    if (value.chars().anyMatch(c -> c > 0xFF)) {
      return value;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      return value;
    }
  }
}
