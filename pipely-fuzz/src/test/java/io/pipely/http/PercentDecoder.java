package io.pipely.http;

import io.pipely.Refusal;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a query as the protocol's document says, without the help of the JDK's decoders.
 *
 * @param parameters those up to the first that is refused, and those after it that can be read
 * @param refusal what the query is refused with, if it is
 */
record PercentDecoder(Map<String, String> parameters, Optional<Refusal> refusal) {

  private static final Pattern ENCODED = Pattern.compile("([\\x00-\\x7F&&[^%]]|%[0-9A-Fa-f]{2})*+");

  static PercentDecoder read(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Optional<Refusal> refusal = Optional.empty();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      String[] parts = pair.split("=", 2);
      Optional<String> name = decode(parts[0]);
      Optional<String> value = decode(parts.length == 1 ? "" : parts[1]);
      boolean isReadable = name.isPresent() && value.isPresent();
      boolean isRepeated = isReadable && parameters.containsKey(name.get());
      if (isReadable && !isRepeated) {
        parameters.put(name.get(), value.get());
      } else if (refusal.isEmpty()) {
        refusal = Optional.of(isRepeated ? Refusal.REPEATED_PARAMETER : Refusal.MALFORMED_QUERY);
      }
    }
    return new PercentDecoder(parameters, refusal);
  }

  private static Optional<String> decode(String text) {
    if (!ENCODED.matcher(text).matches()) {
      return Optional.empty();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return Utf8.read(bytes.toByteArray());
  }
}
