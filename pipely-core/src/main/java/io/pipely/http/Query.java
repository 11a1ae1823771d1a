package io.pipely.http;

import io.pipely.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query in the form of application/x-www-form-urlencoded (WHATWG URL standard):
 * {@code +} is a space, the rest percent-encoded UTF-8. What that standard repairs is refused here.
 */
final class Query {

  private final Map<String, String> parameters = new HashMap<>();

  private Query() {}

  static Query parse(@Nullable String raw) throws BadRequest {
    Query query = new Query();
    if (raw == null) {
      return query;
    }
    int start = 0;
    while (start <= raw.length()) {
      int end = raw.indexOf('&', start);
      end = end < 0 ? raw.length() : end;
      if (end > start) {
        query.add(raw.substring(start, end));
      }
      start = end + 1;
    }
    return query;
  }

  /** As much of a query as can be read; of a parameter that is given twice, the first. */
  static Query readable(@Nullable String raw) {
    Query query = new Query();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      try {
        query.add(pair);
      } catch (BadRequest e) {
        // What it is refused for, somebody else says.
      }
    }
    return query;
  }

  /** The parameter's value, or null where it is missing. */
  @Nullable String get(String name) {
    return parameters.get(name);
  }

  private void add(String pair) throws BadRequest {
    int equals = pair.indexOf('=');
    String name = decode(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
    if (parameters.putIfAbsent(name, value) != null) {
      throw new BadRequest(
          Refusal.REPEATED_PARAMETER,
          "parameter '" + BadRequest.quote(name) + "' must not be given twice");
    }
  }

  private static String decode(String text) throws BadRequest {
    if (isLiteral(text)) {
      return text;
    }
    // Servers hand over what is not ASCII as they please; in a URI it is not allowed (RFC 3986).
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.put(escaped(text, i));
        i += 2;
      } else if (c < 0x80) {
        bytes.put((byte) (c == '+' ? ' ' : c));
      } else {
        throw malformed("has a character that is not percent-encoded");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed("is not UTF-8");
    }
  }

  /** As most are: it stands for itself. */
  private static boolean isLiteral(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || c == '%' || c == '+') {
        return false;
      }
    }
    return true;
  }

  private static byte escaped(String text, int percent) throws BadRequest {
    boolean isEscape =
        percent + 2 < text.length()
            && HexFormat.isHexDigit(text.charAt(percent + 1))
            && HexFormat.isHexDigit(text.charAt(percent + 2));
    if (!isEscape) {
      throw malformed("has a bad percent escape");
    }
    return (byte) HexFormat.fromHexDigits(text, percent + 1, percent + 3);
  }

  private static BadRequest malformed(String what) {
    return new BadRequest(
        Refusal.MALFORMED_QUERY, Refusal.MALFORMED_QUERY.message() + ": it " + what);
  }
}
