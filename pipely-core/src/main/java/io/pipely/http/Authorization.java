package io.pipely.http;

import io.pipely.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the secrets that a request has in its headers: {@code Authorization: Password <password>},
 * {@code Authorization: Bearer <server key>}, and {@code Pipely-Token}.
 */
final class Authorization {

  private static final String PASSWORD = "Password ";
  private static final String BEARER = "Bearer ";

  private Authorization() {}

  static Credentials of(Request request) {
    String value = request.header("Authorization");
    return Credentials.NONE
        .password(after(PASSWORD, value))
        .serverKey(after(BEARER, value))
        .token(request.header("Pipely-Token"));
  }

  /** All that follows the scheme and its one space; null where it is another scheme. */
  private static @Nullable String after(String scheme, @Nullable String value) {
    // The scheme is compared without regard to case: RFC 9110, 11.1.
    return value != null && value.regionMatches(true, 0, scheme, 0, scheme.length())
        ? text(value.substring(scheme.length()))
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
