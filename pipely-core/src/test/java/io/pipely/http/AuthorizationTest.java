package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationTest {

  private static String password(String authorization) {
    return Authorization.of(
            new Request(
                "POST",
                "/publish",
                null,
                name -> name.equalsIgnoreCase("Authorization") ? authorization : null,
                new byte[0],
                null))
        .password();
  }

  /** As servers hand over a header's bytes. */
  private static String asLatin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Password secret", "password secret", "PASSWORD secret"})
  void thePasswordFollowsTheSchemeInWhateverCase(String value) {
    assertEquals("secret", password(value));
  }

  @Test
  void allAfterTheOneSpaceIsThePassword() {
    assertEquals("a b  c", password("Password a b  c"));
    assertEquals(" a", password("Password  a"));
    assertNull(password("Password "), "an empty one is none");
    assertEquals("Password x", password("Password Password x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Password", "Passwordsecret", "Basic c2VjcmV0", "Bearer x", "secret"})
  void anythingElseIsNoPassword(String value) {
    assertNull(password(value));
  }

  @Test
  void noHeaderIsNoPassword() {
    assertNull(password(null));
  }

  @Test
  void bytesAreReadAsUtf8WhereTheyAre() {
    assertEquals(
        "p\u00e4ss \uD83D\uDE00", password("Password " + asLatin1("p\u00e4ss \uD83D\uDE00")));
  }

  @Test
  void bytesThatAreNotUtf8AreReadAsLatin1() {
    assertEquals("p\u00e4ss", password("Password p\u00e4ss"));
    assertEquals("\u00ff\u00fe", password("Password \u00ff\u00fe"));
  }

  @Test
  void aServerThatHasDecodedThemIsBelieved() {
    assertEquals("\u4e2d\u00e4", password("Password \u4e2d\u00e4"));
  }
}
