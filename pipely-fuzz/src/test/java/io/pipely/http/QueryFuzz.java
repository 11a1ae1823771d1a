package io.pipely.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pipely.Refusal;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Any text as a query: its parameters are what an independent decoder makes of it, or it is refused
 * for the reason that the decoder gives. The same is asked of a subscribe request: the first line
 * of the input is its query, the others are its headers.
 */
public final class QueryFuzz {

  /** What {@link Query#readable} is there for. */
  private static final List<String> READ_WHATEVER_ELSE = List.of("channelId", "errors");

  private QueryFuzz() {}

  /** One input. The name is Jazzer's. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = text(input);
    checkQuery(text);
    String[] lines = text.split("\n", 2);
    checkSubscribe(lines[0], headers(input));
  }

  /** Servers hand over either. */
  private static String text(byte[] bytes) {
    return Utf8.read(bytes).orElseGet(() -> new String(bytes, ISO_8859_1));
  }

  /** A header is handed over as one character for each byte. */
  private static Map<String, String> headers(byte[] input) {
    return new String(input, ISO_8859_1)
        .lines()
        .skip(1)
        .filter(line -> line.contains(": "))
        .map(line -> line.split(": ", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, next) -> first));
  }

  private static void checkQuery(String text) {
    PercentDecoder expected = PercentDecoder.read(text);
    Query readable = Query.readable(text);
    for (String name : READ_WHATEVER_ELSE) {
      assertEquals(expected.parameters().get(name), readable.get(name));
    }
    try {
      Query query = Query.parse(text);
      assertEquals(Optional.empty(), expected.refusal(), "accepted, and should not have been");
      assertParameters(expected.parameters(), query);
      assertParameters(expected.parameters(), Query.parse(encoded(expected.parameters())));
    } catch (BadRequest e) {
      assertRefused(expected.refusal().map(List::of).orElse(List.of()), e);
    }
  }

  private static void assertParameters(Map<String, String> expected, Query query) {
    expected.forEach((name, value) -> assertEquals(value, query.get(name), name));
    if (!expected.containsKey("errors")) {
      assertNull(query.get("errors"));
    }
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            p ->
                URLEncoder.encode(p.getKey(), UTF_8) + "=" + URLEncoder.encode(p.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static void checkSubscribe(String query, Map<String, String> headers) {
    ExpectedJoin expected = ExpectedJoin.of(PercentDecoder.read(query), headers);
    Request request = new Request("GET", "/subscribe", query, headers::get, new byte[0], null);
    try {
      assertEquals(expected, ExpectedJoin.meant(SubscribeParser.parse(request)));
    } catch (BadRequest e) {
      assertRefused(expected.refusals(), e);
    }
  }

  private static void assertRefused(List<Refusal> expected, BadRequest why) {
    Refusals.assertDocumented(why, expected);
  }
}
