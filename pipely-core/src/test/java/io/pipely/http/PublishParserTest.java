package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pipely.Caller;
import io.pipely.Credentials;
import io.pipely.Publication;
import io.pipely.Refusal;
import io.pipely.testing.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishParserTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final String PREFIX = "body must be one JSON object: ";

  private static Publication parse(String body) throws BadRequest {
    PublishParser.Body read = read(body.getBytes(UTF_8));
    assertFalse(read.isArray());
    assertEquals(1, read.publications().size());
    return read.publications().get(0);
  }

  private static PublishParser.Body read(byte[] body) throws BadRequest {
    return PublishParser.parse(body, Credentials.NONE, Caller.APPLICATION);
  }

  private static String payload(String json) throws BadRequest {
    return parse("{\"payload\":" + json + "}").payload().toString();
  }

  /** What is wrong, without the words that all such messages begin with. */
  private static String wrong(byte[] body) {
    BadRequest e = assertThrows(BadRequest.class, () -> read(body));
    assertEquals(Refusal.MALFORMED_BODY, e.refusal());
    assertTrue(e.text().startsWith(PREFIX), e::text);
    assertTrue(e.text().length() < 400, () -> "too long: " + e.text());
    assertTrue(e.text().chars().noneMatch(c -> c < ' ' || c == 0x7F), () -> "control: " + e.text());
    return e.text().substring(PREFIX.length());
  }

  private static String wrong(String body) {
    return wrong(body.getBytes(UTF_8));
  }

  @Test
  void readsTheFourFieldsAndNoOthers() throws BadRequest {
    Publication publication =
        parse(
            " {\"origin_id\":\"alice\", \"other\":[{\"type\":\"x\"}], \"payload\":{\"a\":[1]},"
                + "\"type\":\"chat\", \"channel_id\":\"channel-0000\", \"Type\":\"y\"} \n");
    assertEquals("channel-0000", publication.channelId());
    assertEquals("chat", publication.type());
    assertEquals("alice", publication.originId());
    assertEquals("{\"a\":[1]}", publication.payload().toString());
  }

  @Test
  void aMissingFieldAndNullAreTheSame() throws BadRequest {
    for (String body :
        new String[] {
          "{}", "{\"channel_id\":null,\"type\":null,\"origin_id\":null,\"payload\":null}"
        }) {
      Publication publication = parse(body);
      assertEquals("", publication.channelId());
      assertEquals("", publication.type());
      assertEquals("", publication.originId());
      assertEquals("null", publication.payload().toString());
    }
  }

  @Test
  void anEventMaySayWhomItIsForAndWhetherItComesBack() throws BadRequest {
    assertNull(parse("{}").to());
    assertNull(parse("{\"to\":null}").to());
    assertEquals(List.of("anna"), parse("{\"to\":\"anna\"}").to());
    assertEquals(List.of("anna", "anna", ""), parse("{\"to\":[\"anna\",\"anna\",\"\"]}").to());
    assertEquals(List.of(), parse("{\"to\":[]}").to());
    assertTrue(parse("{}").isEcho());
    assertTrue(parse("{\"echo\":null}").isEcho());
    assertTrue(parse("{\"echo\":true}").isEcho());
    assertFalse(parse("{\"echo\":false}").isEcho());
  }

  @Test
  void anArrayIsSeveralEvents() throws BadRequest {
    PublishParser.Body read = read("[{\"type\":\"a\"}, {\"type\":\"b\"}]".getBytes(UTF_8));
    assertTrue(read.isArray());
    assertEquals(List.of("a", "b"), read.publications().stream().map(Publication::type).toList());
    assertEquals(List.of(), read("[]".getBytes(UTF_8)).publications());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1]             | 0: body must be one JSON object: the event is another kind of value
          [{},{},[]]      | 2: body must be one JSON object: the event is another kind of value
          [{},{"type":1}] | 1: body must be one JSON object: field 'type' must be a string at line 1, column 13
          """)
  void saysWhichOfSeveralEventsIsWrong(String body, String message) {
    BadRequest e = assertThrows(BadRequest.class, () -> read(body.getBytes(UTF_8)));
    assertEquals(message, e.text());
  }

  @Test
  void escapesInNamesOfFieldsAndInTextsAreRead() throws BadRequest {
    Publication publication = parse("{\"\\u0074ype\":\"\\ud83d\\ude00\\n\\\"\\u00e9\"}");
    assertEquals("\uD83D\uDE00\n\"\u00e9", publication.type());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                      | it is empty
          `  `                    | it is empty
          null                    | it begins with another kind of value
          {"to":1}                | field 'to' must be a string or an array of strings at line 1, column 7
          {"to":["a",null]}       | field 'to' must be a string or an array of strings at line 1, column 12
          {"to":[["a"]]}          | field 'to' must be a string or an array of strings at line 1, column 8
          {"to":null,"to":null}   | field 'to' is there twice at line 1, column 12
          {"echo":"true"}         | field 'echo' must be true or false at line 1, column 9
          []1                     | something follows it at line 1, column 3
          1                       | it begins with another kind of value
          "x"                     | it begins with another kind of value
          {}{}                    | something follows it at line 1, column 3
          {} 1                    | something follows it at line 1, column 4
          {"type":1}              | field 'type' must be a string at line 1, column 9
          {"type":["a"]}          | field 'type' must be a string at line 1, column 9
          {"channel_id":{}}       | field 'channel_id' must be a string at line 1, column 15
          {"origin_id":true}      | field 'origin_id' must be a string at line 1, column 14
          {"type":"a","type":"b"} | field 'type' is there twice at line 1, column 13
          {"x":1,"\\u0078":2}     | field 'x' is there twice at line 1, column 8
          {"payload":"\\ud83d"}   | it has half of a surrogate pair at byte 13
          {"payload":"\\ude00 "}  | it has half of a surrogate pair at byte 13
          {"\\ud800":1}           | it has half of a surrogate pair at byte 3
          {"a":"\\ud83d\\u0041"}  | it has half of a surrogate pair at byte 7
          """)
  void saysWhatIsWrongAndWhere(String body, String message) {
    assertEquals(message, wrong(body));
  }

  /** The parser's own words, of which only the place is fixed here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                       | line 1, column
          }                       | line 1, column 1
          {"type"                 | line 1, column
          {"type":                | line 1, column
          {"type":"a"             | line 1, column
          {"type":"a              | line 1, column
          {"type":"a",}           | line 1, column 13
          {,}                     | line 1, column 2
          {"a" 1}                 | line 1, column 6
          {"payload":}            | line 1, column 12
          {"type":"a"} x          | line 1, column
          {"type":"a"} ]          | line 1, column 14
          {type:"a"}              | line 1, column 2
          {'type':'a'}            | line 1, column 2
          {"type":"a" /* c */}    | line 1, column 13
          {"payload":01}          | line 1, column 13
          {"payload":+1}          | line 1, column
          {"payload":1.}          | line 1, column
          {"payload":.5}          | line 1, column 12
          {"payload":-}           | line 1, column
          {"payload":1e}          | line 1, column
          {"payload":0x10}        | line 1, column
          {"payload":NaN}         | line 1, column
          {"payload":Infinity}    | line 1, column
          {"payload":tru}         | line 1, column
          {"payload":nul}         | line 1, column
          {"payload":"\\x"}       | line 1, column
          {"payload":"\\u12"}     | line 1, column
          {"payload":"\\u12g4"}   | line 1, column
          {"payload":[1,2}        | line 1, column 16
          {"payload":[1 2]}       | line 1, column 15
          {"payload":[1,]}        | line 1, column 15
          {"payload":{"a":1,}}    | line 1, column
          """)
  void saysWhereTheTextIsNotJson(String body, String place) {
    String message = wrong(body);
    assertTrue(message.contains(place), message);
  }

  /** Where a secret is not quoted as it should be, it is not said to be this or that secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"token\":canary}",
        "{\"token\":canary-0123456789}",
        "{\"token\":'canary'}",
        "{\"token\":nullcanary}",
        "{\"token\":\"canary\" canary}",
        "{\"token\":[canary]}",
        "canary",
        "canary=1",
        "{} canary",
      })
  void doesNotRepeatWhatItCannotRead(String body) {
    String message = wrong(body);
    assertFalse(message.contains("canary"), message);
    assertTrue(message.contains("line 1, column"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"payload":NaN}       | Non-standard token at line 1, column 15
          {"payload":+1}        | numbers to have plus signs at line 1, column 13
          {"payload":/* c */1}  | maybe a (non-standard) comment? at line 1, column 12
          """)
  void doesNotTellHowTheParserCouldBeSetUpOtherwise(String body, String end) {
    String message = wrong(body);
    assertTrue(message.endsWith(end), message);
  }

  @Test
  void saysWhereTheTextIsTooDeep() {
    assertEquals(
        "it has more than 64 levels of arrays and objects at line 1, column 76",
        wrong("{\"payload\":" + "[".repeat(10_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\t", "\u0001", "\u001F"})
  void aRawControlCharacterInATextIsNotJson(String control) {
    assertTrue(wrong("{\"payload\":\"a" + control + "b\"}").contains("line 1, column 14"));
  }

  @Test
  void aLineIsCounted() {
    assertEquals("field 'a' is there twice at line 3, column 1", wrong("{\"a\":1\n,\n\"a\":2}"));
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    assertEquals("it is not UTF-8 at byte 3", wrong(bytes('{', '"', 0xC3, '"', ':', '1', '}')));
    assertEquals("it is not UTF-8 at byte 3", wrong(bytes('{', '"', 0xC0, 0x80, '"', ':', '1')));
    assertEquals("it is not UTF-8 at byte 3", wrong(bytes('{', '"', 0xED, 0xA0, 0x80, '"')));
    assertEquals("it is not UTF-8 at byte 3", wrong(bytes('{', '"', 0xF5, 0x80, 0x80, 0x80, '"')));
    String afterBackslash = wrong(bytes('{', '"', 'p', '\\', 0xFF, '"', ':', '1', '}'));
    assertTrue(afterBackslash.contains("UTF-8") && afterBackslash.contains("line 1"));
    assertEquals("it has a NUL character at byte 1", wrong(bytes(0, '{', 0, '}')));
    assertEquals("it has a NUL character at byte 4", wrong(bytes(0xFF, 0xFE, '{', 0, '}', 0)));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void aByteOrderMarkIsRefused() {
    assertEquals("it begins with a byte-order mark", wrong("\uFEFF{}"));
  }

  @Test
  void sixtyFourLevelsAreAllowedAndNoMore() throws BadRequest {
    String deepest = "[".repeat(63) + "]".repeat(63);
    assertEquals(deepest, payload(deepest));
    assertTrue(wrong("{\"payload\":[" + deepest + "]}").contains("64"));
    assertTrue(wrong("{\"unknown\":[" + deepest + "]}").contains("64"));
    assertTrue(wrong("{\"a\":".repeat(10_000)).contains("64"));
  }

  @Test
  void whatAClientWroteIsShortenedInTheMessage() {
    String name = "\uD83D\uDE00".repeat(5_000);
    String twice = wrong("{\"" + name + "\":1,\"" + name + "\":2}");
    assertTrue(twice.contains("is there twice at line 1, column"), twice);
    String lines = "a\\n\\r\\u0000b".repeat(1_000);
    assertTrue(wrong("{\"" + lines + "\":1,\"" + lines + "\":2}").contains("is there twice"));
    assertTrue(wrong("{\"payload\":" + "x".repeat(5_000) + "}").contains("line 1"));
    assertTrue(wrong("{\"payload\":" + "\uD83D\uDE00".repeat(5_000) + "}").contains("line 1"));
    assertTrue(wrong("{\"payload\":" + "1".repeat(5_000) + "x}").contains("line 1"));
  }

  @Test
  void noControlCharacterOfAClientReachesTheMessage() {
    for (String body : new String[] {"{\"x\u0085y\":1,\"x\u0085y\":2}", "{\"payload\":a\u0085}"}) {
      assertTrue(wrong(body).chars().noneMatch(Character::isISOControl), body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1.0",
        "1.10",
        "1e2",
        "1E+02",
        "-12.500e-3",
        "123456789012345678901234567890.12345678901234567890",
        "1e999999",
        "null",
        "true",
        "false",
        "\"\"",
        "\"a b\"",
        "\"\\u00e9\\/\\\"\\\\\"",
        "\"\u00e9\u2028\"",
        "\" [ ] { } , : \"",
        "\"\\\\\"",
        "[]",
        "{}",
        "[1,2]",
        "{\"a\":{\"b\":[]}}"
      })
  void thePayloadPassesAsItIsWritten(String json) throws BadRequest {
    assertEquals(json, payload(json));
    assertEquals(json, payload(" \t\r\n" + json + " \n"));
    assertEquals(json, parse("{\"payload\":" + json + ",\"type\":\"after\"}").payload().toString());
  }

  @Test
  void aNumberOfAnyLengthPasses() throws BadRequest {
    String digits = "1".repeat(20_000);
    assertEquals(digits, payload(digits));
    assertEquals("0." + digits, payload("0." + digits));
  }

  @Test
  void whiteSpaceBetweenTokensIsDroppedAndWithinTextsKept() throws BadRequest {
    assertEquals(
        "{\"a b\":[1,\" \\\" x \",{}]}",
        payload("\n{ \"a b\" :\r\n[ 1 ,\t\" \\\" x \", { } ] }\n"));
  }

  @Test
  void aPayloadIsOnOneLineAndTheSameValueWhateverItIs() {
    Seeds.each(
        3_000,
        random -> {
          String json = json(random, 4);
          String passed = payload(space(random) + json + space(random));
          JsonNode expected = JSON.readTree(json);
          assertEquals(expected, JSON.readTree(passed));
          assertTrue(passed.indexOf('\n') < 0 && passed.indexOf('\r') < 0, passed);
          assertEquals(passed, payload(passed), "compact text stays as it is");
        });
  }

  private static String json(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> String.valueOf(random.nextInt(1_000));
      case 1 -> random.nextDouble() + "e" + random.nextInt(30);
      case 2 -> pick(random, "null", "true", "false", "-1", "0.10");
      case 3 -> string(random);
      case 4 -> {
        StringBuilder array = new StringBuilder("[");
        for (int i = random.nextInt(4); i > 0; i--) {
          array.append(space(random)).append(json(random, depth - 1)).append(space(random));
          array.append(i > 1 ? "," : "");
        }
        yield array + space(random) + "]";
      }
      default -> {
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(4); i > 0; i--) {
          String name = string(random).replaceFirst("\"", "\"" + i); // No name twice.
          object.append(space(random)).append(name).append(space(random)).append(':');
          object.append(space(random)).append(json(random, depth - 1)).append(space(random));
          object.append(i > 1 ? "," : "");
        }
        yield object + space(random) + "}";
      }
    };
  }

  private static String string(Random random) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(
          pick(
              random,
              "a",
              " ",
              "\\\"",
              "\\\\",
              "\\n",
              "\\u0041",
              "{",
              "]",
              ",",
              ":",
              "\u00e9",
              "\u2028",
              "\\ud83d\\ude00",
              "\uD83D\uDE00",
              "\\/",
              "\u007f"));
    }
    return text + "\"";
  }

  private static String space(Random random) {
    return pick(random, "", "", "", " ", "\n", "\r\n", "\t ");
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
