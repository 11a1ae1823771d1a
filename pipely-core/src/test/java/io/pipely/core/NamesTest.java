package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Refusal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  private static final String EMOJI = "\uD83D\uDE00";

  @Test
  void aChannelIdHasTwelveCharacters() {
    assertNull(Names.checkChannelId("abcdefghijkl"));
    assertNull(Names.checkChannelId(EMOJI.repeat(12)), "code points count, not units");
    assertEquals(Refusal.CHANNEL_ID_LENGTH, Names.checkChannelId(""));
    assertEquals(Refusal.CHANNEL_ID_LENGTH, Names.checkChannelId("abcdefghijk"));
    assertEquals(Refusal.CHANNEL_ID_LENGTH, Names.checkChannelId("abcdefghijklm"));
    assertEquals(Refusal.CHANNEL_ID_LENGTH, Names.checkChannelId(EMOJI.repeat(6)));
    assertEquals(Refusal.CHANNEL_ID_CHARACTERS, Names.checkChannelId("abcdefghijk\n"));
  }

  @Test
  void aClientIdHasThreeToOneHundredAndTwentyEightCharacters() {
    assertNull(Names.checkClientId("abc"));
    assertNull(Names.checkClientId(EMOJI.repeat(3)));
    assertNull(Names.checkClientId(EMOJI.repeat(128)));
    assertEquals(Refusal.CLIENT_ID_TOO_SHORT, Names.checkClientId(""));
    assertEquals(Refusal.CLIENT_ID_TOO_SHORT, Names.checkClientId("ab"));
    assertEquals(Refusal.CLIENT_ID_TOO_SHORT, Names.checkClientId(EMOJI + EMOJI));
    assertEquals(Refusal.CLIENT_ID_TOO_LONG, Names.checkClientId("a".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "SERVER", "sErVeR", "\u017Ferver"})
  void serverIsNoClientIdHoweverItIsSpelt(String id) {
    assertEquals(Refusal.CLIENT_ID_RESERVED, Names.checkClientId(id));
    assertNull(Names.checkOriginId(id));
  }

  @Test
  void serverMayBePartOfAClientId() {
    assertNull(Names.checkClientId("server1"));
    assertNull(Names.checkClientId("serve"));
  }

  @Test
  void aTypeHasOneToOneHundredAndTwentyEightCharactersAndIsNotBuiltIn() {
    assertNull(Names.checkType("x"));
    assertNull(Names.checkType(EMOJI.repeat(128)));
    assertNull(Names.checkType("connect"));
    assertEquals(Refusal.TYPE_MISSING, Names.checkType(""));
    assertEquals(Refusal.TYPE_TOO_LONG, Names.checkType("x".repeat(129)));
    assertEquals(Refusal.TYPE_CHARACTERS, Names.checkType("a\tb"));
    for (String type :
        List.of("CONNECT", "DISCONNECT", "CLIENT_LIST", "GAP", "REPLACED", "REFUSED")) {
      assertEquals(Refusal.TYPE_RESERVED, Names.checkType(type));
    }
  }

  @Test
  void anOriginIdHasThreeToOneHundredAndTwentyEightCharacters() {
    assertNull(Names.checkOriginId("abc"));
    assertEquals(Refusal.ORIGIN_ID_TOO_SHORT, Names.checkOriginId("ab"));
    assertEquals(Refusal.ORIGIN_ID_TOO_LONG, Names.checkOriginId("a".repeat(129)));
    assertEquals(Refusal.ORIGIN_ID_CHARACTERS, Names.checkOriginId("ab\u0085c"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x0A, 0x0D, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xD800, 0xDFFF})
  void controlCharactersAndLoneSurrogatesAreInNoName(int character) {
    String name = "abcdefghijk" + (char) character;
    assertEquals(Refusal.CHANNEL_ID_CHARACTERS, Names.checkChannelId(name));
    assertEquals(Refusal.CLIENT_ID_CHARACTERS, Names.checkClientId(name));
    assertEquals(Refusal.ORIGIN_ID_CHARACTERS, Names.checkOriginId(name));
    assertEquals(Refusal.TYPE_CHARACTERS, Names.checkType(name));
    assertEquals(Refusal.INVALID_PASSWORD, Names.checkNewPassword(name));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x7E, 0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0xE000})
  void allOtherCharactersMayBeInAName(int character) {
    String name = "abcde" + (char) character + "fghijk";
    assertNull(Names.checkChannelId(name));
    assertNull(Names.checkClientId(name));
    assertNull(Names.checkOriginId(name));
    assertNull(Names.checkType(name));
    assertNull(Names.checkNewPassword(name));
  }

  @Test
  void aNewPasswordIsBoundAndHasNoOuterSpaces() {
    assertNull(Names.checkNewPassword("p"));
    assertNull(Names.checkNewPassword("a b"));
    assertNull(Names.checkNewPassword(EMOJI.repeat(256)));
    assertEquals(Refusal.INVALID_PASSWORD, Names.checkNewPassword("p".repeat(257)));
    assertEquals(Refusal.INVALID_PASSWORD, Names.checkNewPassword(" a"));
    assertEquals(Refusal.INVALID_PASSWORD, Names.checkNewPassword("a "));
    assertEquals(Refusal.INVALID_PASSWORD, Names.checkNewPassword("a\nb"));
  }

  /**
   * The reference is what java.util.regex takes as the same letter, which is Unicode's simple case
   * folding, save for the two letters below. NFC leaves the letters compared here as they are.
   */
  @Test
  void twoLettersAreTheSameWhereSimpleCaseFoldingSaysSo() {
    List<Integer> letters = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean isSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (!isSurrogate && Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFC)) {
        letters.add(c);
      }
    }
    Map<String, List<Integer>> classes = new HashMap<>();
    for (int c : letters) {
      classes.computeIfAbsent(Names.fold(Character.toString(c)), f -> new ArrayList<>()).add(c);
    }
    // None is folded together that are not the same ...
    Map<Integer, List<Integer>> classOf = new TreeMap<>();
    classes.values().forEach(same -> same.forEach(c -> classOf.put(c, same)));
    for (List<Integer> same : classes.values()) {
      for (int c : same) {
        assertTrue(isSame(same.get(0), c), () -> hex(same) + " are not all the same");
      }
    }
    // ... and all that are: whatever one of Java's mappings leads to from a letter is tried.
    for (int c : letters) {
      int upper = Character.toUpperCase(c);
      int lower = Character.toLowerCase(c);
      int title = Character.toTitleCase(c);
      for (int other : List.of(upper, lower, title, Character.toLowerCase(upper))) {
        if (classOf.containsKey(other) && isSame(c, other)) {
          assertEquals(classOf.get(c), classOf.get(other), () -> hex(List.of(c, other)).toString());
        }
      }
    }
  }

  /** The dotted I and the dotless i are folded by Turkic rules only (CaseFolding.txt, status T). */
  private static boolean isSame(int a, int b) {
    if (a == b) {
      return true;
    }
    if (a == 0x130 || a == 0x131 || b == 0x130 || b == 0x131) {
      return false;
    }
    return matches(a, b) || matches(b, a); // Its sharp s matches the capital one way only.
  }

  private static boolean matches(int pattern, int text) {
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    return Pattern.compile(Pattern.quote(Character.toString(pattern)), flags)
        .matcher(Character.toString(text))
        .matches();
  }

  private static List<String> hex(List<Integer> letters) {
    return letters.stream().map(c -> "U+" + Integer.toHexString(c)).toList();
  }

  @Test
  void wellKnownLettersFoldAsTheStandardSays() {
    assertSame("\u1E9E", "\u00DF"); // Sharp s, capital and small: status S.
    assertSame("\u03C2", "\u03A3"); // Final sigma.
    assertSame("\u212A", "k"); // Kelvin.
    assertSame("\u2126", "\u03C9"); // Ohm, by NFC.
    assertSame("\u017F", "S"); // Long s.
    assertSame("\u01C5", "\u01C6"); // A title case letter.
    assertSame("\uAB70", "\u13A0"); // Cherokee, folded to the capital.
    assertSame("\u00B5", "\u03BC"); // Micro.
    assertSame("\uD801\uDC00", "\uD801\uDC28"); // Deseret, beyond the first plane.
    assertNotEquals(Names.fold("\u0130"), Names.fold("i"));
    assertNotEquals(Names.fold("\u0131"), Names.fold("I"));
    assertNotEquals(Names.fold("\u00DF"), Names.fold("ss")); // That would be full folding.
  }

  private static void assertSame(String a, String b) {
    assertEquals(Names.fold(a), Names.fold(b));
  }

  @Test
  void textIsComparedInItsComposedForm() {
    assertSame("Zoe\u0308", "ZO\u00CB");
    assertSame("A\u030A", "\u212B"); // Angstrom.
    assertSame("\uAC00", "\u1100\u1161"); // Hangul.
    assertNotEquals(Names.fold("zoe"), Names.fold("zo\u00EB"));
    assertNotEquals(Names.fold("\uFB01"), Names.fold("fi")); // Not NFKC.
  }

  @Test
  void foldingTwiceIsFoldingOnce() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String folded = Names.fold(Character.toString(c));
        assertEquals(folded, Names.fold(folded), "U+" + Integer.toHexString(c));
      }
    }
  }

  @Test
  void theBuiltInTypesAreReservedInTheirSpelling() {
    assertTrue(BuiltIn.isReserved("CLIENT_LIST"));
    assertFalse(BuiltIn.isReserved("client_list"));
  }
}
