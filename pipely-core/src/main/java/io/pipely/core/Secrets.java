package io.pipely.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets as keyed hashes (HMAC-SHA-256, RFC 2104) under a random key of this process, so
 * that neither a heap dump nor the time a comparison takes gives one away.
 */
final class Secrets {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final byte @Nullable [] serverKeyHash;

  /** With the server's key, where it has one. */
  Secrets(@Nullable String serverKey) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, ALGORITHM);
    serverKeyHash = serverKey == null ? null : hash(serverKey);
  }

  byte[] hash(String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  byte @Nullable [] hashOrNull(@Nullable String secret) {
    return secret == null ? null : hash(secret);
  }

  private boolean matches(byte[] hash, String secret) {
    return MessageDigest.isEqual(hash, hash(secret));
  }

  /** Whether a password opens a channel, which it does where the channel has none. */
  boolean admits(byte @Nullable [] passwordHash, @Nullable String password) {
    return passwordHash == null || (password != null && matches(passwordHash, password));
  }

  boolean hasServerKey() {
    return serverKeyHash != null;
  }

  boolean isServerKey(@Nullable String candidate) {
    return serverKeyHash != null && candidate != null && matches(serverKeyHash, candidate);
  }
}
