package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretsTest {

  private final Secrets secrets = new Secrets();

  @Test
  void aSecretMatchesItsHashAndNothingElseDoes() {
    byte[] hash = secrets.hash("pass\u00e9 \uD83D\uDE00");
    assertTrue(secrets.matches(hash, "pass\u00e9 \uD83D\uDE00"));
    assertFalse(secrets.matches(hash, "passe \uD83D\uDE00"));
    assertFalse(secrets.matches(hash, ""));
    assertFalse(secrets.matches(hash, "pass\u00e9 \uD83D\uDE00 "));
    assertTrue(secrets.matches(secrets.hash(""), ""));
  }

  @Test
  void aHashDoesNotTellTheSecret() {
    byte[] secret = "password".getBytes(StandardCharsets.UTF_8);
    byte[] hash = secrets.hash("password");
    assertEquals(32, hash.length);
    assertFalse(Arrays.equals(secret, Arrays.copyOf(hash, secret.length)));
  }

  @Test
  void hashesOfAnotherProcessAreOther() {
    assertFalse(new Secrets().matches(secrets.hash("password"), "password"));
  }
}
