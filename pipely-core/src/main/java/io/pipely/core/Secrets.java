package io.pipely.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps secrets as keyed hashes (HMAC-SHA-256, RFC 2104) under a random key of this process, so
 * that neither a heap dump nor the time a comparison takes gives one away.
 */
final class Secrets {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  Secrets() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, ALGORITHM);
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

  boolean matches(byte[] hash, String secret) {
    return MessageDigest.isEqual(hash, hash(secret));
  }
}
