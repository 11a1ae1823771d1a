package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SecretsTest {

  private final Secrets secrets = new Secrets(null);

  @Test
  void aPasswordOpensItsChannelAndNothingElseDoes() {
    byte[] hash = secrets.hash("pass\u00e9 \uD83D\uDE00");
    assertTrue(secrets.admits(hash, "pass\u00e9 \uD83D\uDE00"));
    assertFalse(secrets.admits(hash, "passe \uD83D\uDE00"));
    assertFalse(secrets.admits(hash, ""));
    assertFalse(secrets.admits(hash, "pass\u00e9 \uD83D\uDE00 "));
    assertFalse(secrets.admits(hash, null));
  }

  @Test
  void anyPasswordOpensAChannelThatHasNone() {
    assertTrue(secrets.admits(null, null));
    assertTrue(secrets.admits(null, "password"));
  }

  /** As where a node has begun on a store that was just emptied, and others had a key before. */
  @Test
  void aSharedKeyMayBeAnotherOneLaterAndTheServersKeyStaysRight() {
    byte[] first = "a key of at least thirty-two bytes".getBytes(StandardCharsets.UTF_8);
    byte[] second =
        "the key that the others have had all the time".getBytes(StandardCharsets.UTF_8);
    AtomicReference<byte[]> key = new AtomicReference<>(first);
    Secrets shared = new Secrets("server key", key::get);
    byte[] before = shared.hash("password");
    key.set(second);

    assertFalse(shared.admits(before, "password"));
    assertTrue(shared.admits(new Secrets(null, () -> second).hash("password"), "password"));
    assertTrue(shared.isServerKey("server key"));
    assertFalse(shared.isServerKey("password"));
  }

  @Test
  void aHashDoesNotTellTheSecret() {
    byte[] secret = "password".getBytes(StandardCharsets.UTF_8);
    byte[] hash = secrets.hash("password");
    assertEquals(32, hash.length);
    assertFalse(Arrays.equals(secret, Arrays.copyOf(hash, secret.length)));
    assertNull(secrets.hashOrNull(null));
  }

  @Test
  void hashesOfAnotherProcessAreOther() {
    assertFalse(new Secrets(null).admits(secrets.hash("password"), "password"));
  }

  @Test
  void theServersKeyIsThatOneWhereThereIsOne() {
    Secrets withKey = new Secrets("key");
    assertTrue(withKey.hasServerKey());
    assertTrue(withKey.isServerKey("key"));
    assertFalse(withKey.isServerKey("Key"));
    assertFalse(withKey.isServerKey(null));
    assertFalse(secrets.hasServerKey());
    assertFalse(secrets.isServerKey("key"));
    assertFalse(secrets.isServerKey(null));
  }
}
