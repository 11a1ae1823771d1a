package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Answers.assertRefusedInDetail;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A body is one JSON object (RFC 8259) in UTF-8, neither too long nor too deep. */
public interface BodyContract extends Contract {

  String MALFORMED = "body must be one JSON object";
  int MOST = 64 << 10;

  @Test
  default void anEmptyBodyIsRefused() throws Exception {
    assertMalformed("");
    assertMalformed(" \r\n\t");
    assertRefusedInDetail(400, MALFORMED, ask(RawRequest.of("POST", "/publish")));
  }

  @Test
  default void aBodyThatIsNotJsonIsRefusedWithThePlaceInIt() throws Exception {
    List<String> bodies =
        List.of(
            "{",
            "nonsense",
            "{\"payload\":}",
            "{\"payload\":1,}",
            "{\"payload\" 1}",
            "{payload:1}",
            "{'payload':1}",
            "{\"payload\":01}",
            "{\"payload\":+1}",
            "{\"payload\":.5}",
            "{\"payload\":1.}",
            "{\"payload\":NaN}",
            "{\"payload\":Infinity}",
            "{\"payload\":0x1}",
            "{\"payload\":True}",
            "{\"payload\":[1,]}",
            "{\"payload\":[1 2]}",
            "{\"payload\":\"\\x\"}",
            "{\"payload\":\"\\u12\"}",
            "{\"payload\":\"a\nb\"}",
            "{\"payload\":\"a\tb\"}",
            "{\"payload\":\"unended}",
            "{/* comment */}",
            "{} // comment",
            "\u00a0{}");
    for (String body : bodies) {
      Http.Response response = publish(body);
      assertRefusedInDetail(400, MALFORMED, response);
      assertTrue(response.text().contains("line "), () -> body + " -> " + response);
      assertTrue(response.text().contains("column "), () -> body + " -> " + response);
    }
  }

  @Test
  default void thePlaceOfAnErrorIsExact() throws Exception {
    Http.Response response = publish("{\n  \"type\": \"chat\",\n  \"payload\": ?\n}");

    assertRefusedInDetail(400, MALFORMED, response);
    assertTrue(response.text().contains("line 3, column 14"), response::toString);
  }

  @Test
  default void textAfterTheObjectIsRefused() throws Exception {
    join("ann").upTo(connect("ann"));
    String event = event("chat", "ann", "1");

    for (String after : List.of("x", "{}", " " + event, ",", "]", "1", "\0")) {
      assertMalformed(event + after);
    }
    assertAccepted(publish(" \r\n\t" + event + " \r\n\t"));
  }

  @Test
  default void aBodyThatIsAnotherKindOfValueIsRefused() throws Exception {
    for (String body : List.of("null", "true", "5", "\"text\"")) {
      assertMalformed(body);
    }
  }

  /** An array of events is part 2's business: one that holds none is nobody's. */
  @Test
  default void anEmptyArrayIsRefused() throws Exception {
    assertRefusedInDetail(400, "", publish("[]"));
    assertRefusedInDetail(400, "", publish("[1]"));
  }

  @Test
  default void aFieldOfAnotherTypeIsRefusedByName() throws Exception {
    for (String field : List.of("channel_id", "type", "origin_id")) {
      for (String value : List.of("1", "true", "[]", "{}", "[\"channel-0001\"]")) {
        Http.Response response = publish("{" + quoted(field) + ":" + value + "}");
        assertRefusedInDetail(400, MALFORMED, response);
        assertTrue(response.text().contains("'" + field + "'"), response::toString);
      }
    }
  }

  @Test
  default void aFieldThatIsThereTwiceIsRefusedByName() throws Exception {
    join("ann").upTo(connect("ann"));
    String event = event("chat", "ann", "1");
    String start = event.substring(0, event.length() - 1);

    for (String field : List.of("channel_id", "type", "origin_id", "payload", "channel_id")) {
      Http.Response response = publish(start + "," + quoted(field) + ":null}");
      assertRefusedInDetail(400, MALFORMED, response);
      assertTrue(response.text().contains("'" + field + "'"), response::toString);
    }
    assertMalformed(start + ",\"x\":1,\"x\":1}");
    assertMalformed(start + ",\"\\u0074ype\":\"chat\"}");
  }

  @Test
  default void twoFieldsOfOneNameWithinThePayloadAreTheClientsAffair() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", "{\"a\":1,\"a\":2}");

    assertAccepted(publish(event));

    ann.expect(event);
  }

  @Test
  default void aByteOrderMarkIsRefused() throws Exception {
    join("ann").upTo(connect("ann"));

    assertMalformed("\ufeff" + event("chat", "ann", "1"));
  }

  @Test
  default void anotherEncodingThanUtf8IsRefused() throws Exception {
    join("ann").upTo(connect("ann"));
    String event = event("chat", "ann", "\"ä\"");

    for (String name : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1")) {
      assertMalformed(event.getBytes(Charset.forName(name)));
    }
  }

  @Test
  default void invalidUtf8IsRefusedWhereverItIs() throws Exception {
    join("ann").upTo(connect("ann"));
    List<String> bads =
        List.of(
            "\u00ff", // never a byte of UTF-8
            "\u00f0\u009f\u0098", // an emoji cut short
            "\u00c0\u00af", // longer than it need be
            "\u00ed\u00a0\u0080", // half of a surrogate pair
            "\u00f4\u0090\u0080\u0080"); // beyond the last code point
    for (String bad : bads) {
      for (String body : holding(bad)) {
        assertMalformed(body.getBytes(StandardCharsets.ISO_8859_1)); // One byte for each char.
      }
    }
  }

  @Test
  default void halfOfASurrogatePairIsRefusedWhereverItIs() throws Exception {
    join("ann").upTo(connect("ann"));
    List<String> bads =
        List.of("\\ud83d", "\\uDE00", "\\ud83d\\ud83d", "\\ude00\\ud83d", "\\ud83d\\n", "\\ud83dx");
    for (String bad : bads) {
      for (String body : holding(bad)) {
        assertMalformed(body);
      }
    }
  }

  @Test
  default void aNulByteIsRefusedWhereverItIs() throws Exception {
    join("ann").upTo(connect("ann"));

    for (String body : holding("\0")) {
      assertMalformed(body);
    }
    assertMalformed("{\0}");
  }

  @Test
  default void aBodyIs64LevelsDeepAtMost() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    // The event itself is the first level.
    for (String payload : List.of(arrays(63), objects(63))) {
      assertAccepted(publish(event("chat", "ann", payload)));
      ann.expect(event("chat", "ann", payload));
    }
    assertMalformed(event("chat", "ann", arrays(64)));
    assertMalformed(event("chat", "ann", objects(64)));
    assertMalformed(event("chat", "ann", "1,\"x\":" + arrays(64)));
    assertMalformed(event("chat", "ann", "[".repeat(60_000)));
  }

  @Test
  default void aBodyHas64KibibytesAtMost() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String longest = eventOfLength(MOST);

    assertAccepted(publish(longest));
    ann.expect(longest);
    assertRefused(413, "body is too large", publish(eventOfLength(MOST + 1)));
    assertRefused(413, "body is too large", publish(longest + " "));
  }

  @Test
  default void aBodyInChunksHas64KibibytesAtMost() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String longest = eventOfLength(MOST);

    assertAccepted(ask(inChunks(longest)));
    ann.expect(longest);
    assertRefused(413, "body is too large", ask(inChunks(eventOfLength(MOST + 1))));
  }

  @Test
  default void aBodyThatSaysItIsTooLongIsRefusedBeforeItHasCome() throws Exception {
    RawRequest request =
        RawRequest.of("POST", "/publish").header("Content-Length", "1000000000000");

    assertRefused(413, "body is too large", ask(request));
  }

  private void assertMalformed(String body) throws Exception {
    assertMalformed(body.getBytes(StandardCharsets.UTF_8));
  }

  private void assertMalformed(byte[] body) throws Exception {
    assertRefusedInDetail(400, MALFORMED, ask(RawRequest.publish(body)));
  }

  private static RawRequest inChunks(String body) {
    return RawRequest.of("POST", "/publish").chunkedBody(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Bodies that hold a piece of text in the strings of each kind of place. */
  private static List<String> holding(String piece) {
    String start = "{\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann\",";
    return List.of(
        start + "\"payload\":\"" + piece + "\"}",
        start + "\"payload\":{\"a\":[\"b" + piece + "c\"]}}",
        start + "\"payload\":{\"" + piece + "\":1}}",
        start + "\"x\":\"" + piece + "\"}",
        start + "\"" + piece + "\":1}",
        "{\"channel_id\":\"channel-0001\",\"origin_id\":\"ann\",\"type\":\"" + piece + "\"}",
        "{\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann" + piece + "\"}",
        "{\"type\":\"chat\",\"origin_id\":\"ann\",\"channel_id\":\"channel-000" + piece + "\"}");
  }

  private static String arrays(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String objects(int levels) {
    return "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
  }

  private static String eventOfLength(int bytes) {
    int rest = bytes - event("chat", "ann", "\"\"").length();
    return event("chat", "ann", "\"" + "x".repeat(rest) + "\"");
  }
}
