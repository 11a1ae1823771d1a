package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Refusal;
import io.pipely.testing.Seeds;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

  private static String value(String raw) throws BadRequest {
    return Query.parse("a=" + raw).get("a");
  }

  @Test
  void readsParametersByName() throws BadRequest {
    Query query = Query.parse("channelId=abc&clientId=def&x");
    assertEquals("abc", query.get("channelId"));
    assertEquals("def", query.get("clientId"));
    assertEquals("", query.get("x"));
    assertNull(query.get("channelid"), "names are exact");
    assertNull(query.get("y"));
  }

  @Test
  void noQueryHasNoParameters() throws BadRequest {
    assertNull(Query.parse(null).get("a"));
    assertNull(Query.parse("").get(""));
    assertNull(Query.parse("&&").get(""));
    assertEquals("1", Query.parse("&a=1&&b=2&").get("a"));
  }

  @Test
  void decodesPercentEscapesAndPlus() throws BadRequest {
    assertEquals("a b", value("a+b"));
    assertEquals("a+b", value("a%2Bb"));
    assertEquals("a+b", value("a%2bb"));
    assertEquals("\u00e9\uD83D\uDE00", value("%C3%A9%F0%9F%98%80"));
    assertEquals("=", value("="), "what follows the first equals sign is the value");
    assertEquals("&=\u0000\n", value("%26%3D%00%0A"));
    assertEquals("1", Query.parse("%61=1").get("a"));
  }

  @Test
  void anyTextComesBackFromItsEncodedForm() {
    Seeds.each(
        500,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(20); i > 0; i--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11000);
            text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
          }
          String encoded = URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
          assertEquals(text.toString(), value(encoded));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%4g", "%g4", "%%41", "a%", "%-1", "%+1", "% 1"})
  void aBadPercentEscapeIsRefused(String raw) {
    BadRequest e = assertThrows(BadRequest.class, () -> value(raw));
    assertEquals(Refusal.MALFORMED_QUERY, e.refusal());
    assertEquals("query must be percent-encoded UTF-8: it has a bad percent escape", e.text());
  }

  @Test
  void onlyAsciiDigitsMakeAnEscape() {
    assertThrows(BadRequest.class, () -> value("%\uFF14\uFF11"));
    assertThrows(BadRequest.class, () -> value("%4\u0661"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%FF", "%C3", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%C3%28"})
  void whatIsNotUtf8IsRefused(String raw) {
    BadRequest e = assertThrows(BadRequest.class, () -> value(raw));
    assertEquals(Refusal.MALFORMED_QUERY, e.refusal());
    assertEquals("query must be percent-encoded UTF-8: it is not UTF-8", e.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e9", "\uD83D\uDE00", "\u0080"})
  void aRawCharacterThatIsNotAsciiIsRefused(String raw) {
    BadRequest e = assertThrows(BadRequest.class, () -> value(raw));
    assertEquals(Refusal.MALFORMED_QUERY, e.refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1&a=2", "a=1&a=1", "a&a", "a=1&b=2&%61=3"})
  void aParameterGivenTwiceIsRefused(String raw) {
    BadRequest e = assertThrows(BadRequest.class, () -> Query.parse(raw));
    assertEquals(Refusal.REPEATED_PARAMETER, e.refusal());
    assertEquals("parameter 'a' must not be given twice", e.text());
  }

  @Test
  void theMessageIsOneShortLineWhateverTheName() {
    String name = "x%0A%00".repeat(1_000);
    BadRequest e = assertThrows(BadRequest.class, () -> Query.parse(name + "=1&" + name + "=2"));
    assertTrue(e.text().length() < 400, () -> "length " + e.text().length());
    assertTrue(e.text().chars().noneMatch(Character::isISOControl));
  }
}
