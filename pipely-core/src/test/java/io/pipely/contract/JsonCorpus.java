package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts that are JSON (RFC 8259) to some readers and not to others, by what is odd about them. */
final class JsonCorpus {

  private static final String START =
      "\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann\"";

  private static final String BEFORE_PAYLOAD = "{" + START + ",\"payload\":";

  private JsonCorpus() {}

  /** Values that are none. */
  static List<String> badValues() {
    List<String> values = new ArrayList<>();
    // Numbers of other languages.
    values.addAll(
        List.of("-", "--1", "+1", "00", "-01", "1.", "1.e1", ".5", "1e", "1e+", "1ee1", "1e1.5"));
    values.addAll(List.of("0x1F", "0b1", "0o7", "1_000", "1 000", "1f", "1L", "1/2", "$1"));
    values.addAll(List.of("NaN", "-NaN", "Infinity", "-Infinity", "+Infinity", "1#INF"));
    values.addAll(List.of("\uff11", "\u0663", "1\u0663", "\u00bd", "\u22121"));
    // Words.
    values.addAll(List.of("undefined", "None", "nil", "True", "FALSE", "NULL", "nulll", "nul"));
    values.addAll(List.of("new Date()", "()=>1", "0 ? 1 : 2", "@1", "text"));
    // Strings.
    values.addAll(List.of("'a'", "`a`", "\u201ca\u201d", "\"a\" \"b\"", "\"a\"+\"b\"", "\"a"));
    for (String escape : List.of("x41", "'", "0", "a", "v", "e", "U0001F600", "u{41}", " ", "\n")) {
      values.add("\"\\" + escape + "\"");
    }
    for (String digits :
        List.of("", "1", "12", "123", "12g4", "-123", "+123", " 123", "\u0661234")) {
      values.add("\"\\u" + digits + "\"");
    }
    IntStream.range(0, 0x20).mapToObj(c -> "\"a" + (char) c + "b\"").forEach(values::add);
    // Half of a surrogate pair, by escapes.
    for (String half :
        List.of("\\ud800", "\\udbff", "\\udc00", "\\udfff", "\\uDE00\\uD83D", "\\ud83d\\u0041")) {
      values.add("\"" + half + "\"");
      values.add("[\"" + half + "\"]");
      values.add("{\"" + half + "\":1}");
      values.add("{\"a\":{\"b" + half + "c\":1}}");
    }
    values.add("\"\\ud83d\\\\ude00\""); // The second half is none: its backslash is escaped.
    // Arrays and objects.
    values.addAll(List.of("[", "]", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]"));
    values.addAll(List.of("{", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1,,\"b\":2}"));
    values.addAll(List.of("{\"a\" 1}", "{\"a\"=1}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}"));
    values.addAll(List.of("{a:1}", "{'a':1}", "{1:2}", "{null:1}", "{[]:1}", "{\"a\":1]", "[1}"));
    values.addAll(List.of("[[1]", "{\"a\":[1}", "...[1]", "(1)", "<1>"));
    values.addAll(List.of(arrays(64), objects(64), mixed(64), "[".repeat(30_000)));
    // What is between the tokens.
    values.addAll(List.of("1/**/", "/* c */1", "1//c\n", "1#c\n", "1--c\n", "<!--c-->1"));
    for (String space :
        List.of("\u00a0", "\u0085", "\u2028", "\u2029", "\ufeff", "\u3000", "\u200b")) {
      values.add(space + "1");
    }
    values.addAll(List.of("\u000b1", "\f1", "\b1", "\u001b1", "\u007f1"));
    return values;
  }

  /** Whole bodies that are none, for their ends or their names. */
  static List<String> badBodies() {
    List<String> bodies = new ArrayList<>();
    String event = "{" + START + "}";
    for (String after :
        List.of("x", ",", "]", "}", "{", "1", "null", "\"\"", event, "\n" + event, "//", ";")) {
      bodies.add(event + after);
    }
    for (String before : List.of("x", ",", "\u001e", ")]}',\n", "while(1);", "\u00a0", "\u200b")) {
      bodies.add(before + event);
    }
    for (String name :
        List.of(
            "channel_id",
            "type",
            "origin_id",
            "\\u0074ype",
            "t\\u0079pe",
            "\\u0063\\u0068\\u0061\\u006e\\u006e\\u0065\\u006c\\u005f\\u0069\\u0064",
            "origin\\u005Fid")) {
      bodies.add("{" + START + ",\"" + name + "\":\"channel-0001\"}"); // There already.
    }
    for (List<String> names :
        List.of(
            List.of("payload", "payload"),
            List.of("payload", "\\u0070ayload"),
            List.of("x", "x"),
            List.of("", ""),
            List.of("\\u0078", "x"),
            List.of("\u00e4", "\\u00E4"),
            List.of("\ud83d\ude00", "\\ud83d\\ude00"),
            List.of("x".repeat(20_000), "x".repeat(20_000)))) {
      bodies.add("{" + START + ",\"" + names.get(0) + "\":1,\"" + names.get(1) + "\":1}");
    }
    bodies.add("{" + START + ",\"x\":" + arrays(64) + "}"); // Unknown, and yet too deep.
    bodies.add("{" + START + ",\"x\":[1,}");
    bodies.add("{" + START + ",\"a\tb\":1}");
    bodies.add("{" + START);
    bodies.add("{" + START + ",");
    bodies.add("{" + START + ",}");
    bodies.add("{," + START + "}");
    return bodies;
  }

  /** Bytes that are no UTF-8, each of another kind. */
  static List<byte[]> badBytes() {
    return Stream.of(
            "80", // a continuation of nothing
            "bf",
            "c3", // cut short
            "e282",
            "f09f98",
            "c328", // continued by something else
            "e28228",
            "f09f9828",
            "c080", // longer than it need be
            "c1bf",
            "e080af",
            "e09fbf",
            "f08080af",
            "f08fbfbf",
            "eda080", // half of a surrogate pair
            "edbfbf",
            "eda0bdedb880", // both, as CESU-8 has them
            "f4908080", // beyond U+10FFFF
            "f5808080",
            "f888808080", // of five bytes, and of six
            "fc8480808080",
            "fe", // never a byte of UTF-8
            "ff")
        .map(hex -> HexFormat.of().parseHex(hex))
        .toList();
  }

  /** Encodings that are not ours, with and without a byte-order mark. */
  static List<Charset> otherEncodings() {
    return Stream.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE", "IBM037")
        .map(Charset::forName)
        .toList();
  }

  /** Payloads that arrive as the same value, though some readers would not have them. */
  static List<String> goodValues() {
    List<String> values = new ArrayList<>();
    values.addAll(List.of("-0", "-0.0", "0e0", "0E-0", "1e999999", "-1e-999999", "1E+0000000001"));
    values.add("1e" + "9".repeat(5_000));
    values.add("1".repeat(1_000));
    values.add("1".repeat(1_001)); // Beyond what JSON libraries read by default.
    values.add("0." + "0".repeat(30_000) + "1");
    values.addAll(
        List.of(
            "18446744073709551616", "-9223372036854775809", "5e-324", "1.7976931348623159e308"));
    values.addAll(
        List.of("{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\":1}", "{\"\":{\"\":[]}}"));
    values.add("{\"" + "n".repeat(60_000) + "\":1}");
    values.add("\"" + "s".repeat(60_000) + "\"");
    values.add("\"" + "\\u0061".repeat(10_000) + "\"");
    values.add("[" + "0,".repeat(30_000) + "0]");
    values.add("[" + "{},".repeat(20_000) + "{}]");
    values.add(
        IntStream.range(0, 2_000)
            .mapToObj(i -> "\"k" + i + "\":" + i)
            .collect(Collectors.joining(",", "{", "}")));
    values.addAll(List.of("\"\\u0000\"", "\"\\u001F\\u007f\\u0085\\u2028\\u2029\\uFEFF\\uffff\""));
    values.addAll(
        List.of("\"\u007f\u0085\u2028\u2029\ufeff\uffff\ufdd0\"", "{\"\u2028\":\"\u0085\"}"));
    values.addAll(
        List.of("\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\\uDBFF\\uDFFF\"", "\"\udbff\udfff\""));
    values.addAll(List.of("\"\\\\ud800\"", "\"\\\\\\\\\"", "\"\\/\\b\\f\\n\\r\\t\\\"\""));
    values.addAll(
        List.of("\"]}\"", "\"\\\"}\"", "{\"]\":\"[\"}", "\"//\"", "\"/*\"", "\"data: x\\n\\n\""));
    values.addAll(List.of("{\"type\":\"GAP\",\"origin_id\":\"server\"}", "{\"__proto__\":null}"));
    return values;
  }

  /** The deepest there may be in an event, which is a level itself. */
  static List<String> deepestValues() {
    return List.of(arrays(63), objects(63), mixed(63));
  }

  /** A body of one event with a payload, of which nothing is known. */
  static String withPayload(String value) {
    return BEFORE_PAYLOAD + value + "}";
  }

  /** Bodies with some bytes in the strings of each kind of place. */
  static List<byte[]> holding(byte[] bytes) {
    return List.of(
        joined(BEFORE_PAYLOAD + "\"a", bytes, "b\"}"),
        joined(BEFORE_PAYLOAD + "\"a", bytes, ""), // at the very end
        joined(BEFORE_PAYLOAD + "{\"a\":[\"b", bytes, "c\"]}}"),
        joined(BEFORE_PAYLOAD + "{\"", bytes, "\":1}}"),
        joined("{" + START + ",\"x\":\"", bytes, "\"}"),
        joined("{" + START + ",\"", bytes, "\":1}"),
        joined("{\"channel_id\":\"channel-0001\",\"origin_id\":\"ann\",\"type\":\"", bytes, "\"}"),
        joined(
            "{\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann", bytes, "\"}"),
        joined("{\"type\":\"chat\",\"origin_id\":\"ann\",\"channel_id\":\"channel-0", bytes, "\"}"),
        joined("{" + START + ",\"to\":[\"ann\",\"", bytes, "\"]}"),
        joined("{" + START + ",\"to\":\"", bytes, "\"}"),
        joined("{" + START, bytes, "}"));
  }

  private static byte[] joined(String before, byte[] bytes, String after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(bytes);
    out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static String arrays(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String objects(int levels) {
    return "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
  }

  private static String mixed(int levels) {
    return "[{\"a\":".repeat(levels / 2) + (levels % 2 == 0 ? "1" : "[]") + "}]".repeat(levels / 2);
  }
}
