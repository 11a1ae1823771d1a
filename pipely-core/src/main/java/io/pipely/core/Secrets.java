package io.pipely.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets as keyed hashes (HMAC-SHA-256, RFC 2104) under a key that is random, so that
 * neither a heap dump nor the time a comparison takes gives one away.
 */
final class Secrets {

  private static final String ALGORITHM = "HmacSHA256";

  /** Of this process alone: for the server's key, which no other node is to compare. */
  private final byte[] ownKey = random();

  private final Supplier<byte[]> key;
  private final byte @Nullable [] serverKeyHash;

  /** With the server's key, where it has one, and a key of this process. */
  Secrets(@Nullable String serverKey) {
    this(serverKey, always(random()));
  }

  /** With a key to hash under that others have too: it is asked for each time, as it may change. */
  Secrets(@Nullable String serverKey, Supplier<byte[]> hashKey) {
    serverKeyHash = serverKey == null ? null : hash(ownKey, serverKey);
    key = hashKey;
  }

  private static Supplier<byte[]> always(byte[] key) {
    return () -> key;
  }

  private static byte[] random() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return random;
  }

  byte[] hash(String secret) {
    return hash(key.get(), secret);
  }

  private static byte[] hash(byte[] under, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(under, ALGORITHM));
      return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  byte @Nullable [] hashOrNull(@Nullable String secret) {
    return secret == null ? null : hash(secret);
  }

  /** A hash as text, for other nodes. */
  static @Nullable String text(byte @Nullable [] hash) {
    return hash == null ? null : HexFormat.of().formatHex(hash);
  }

  /** A hash of which another node has given the text. */
  static byte @Nullable [] ofText(@Nullable String text) {
    return text == null ? null : HexFormat.of().parseHex(text);
  }

  /** Whether a password opens a channel, which it does where the channel has none. */
  boolean admits(byte @Nullable [] passwordHash, @Nullable String password) {
    return passwordHash == null
        || (password != null && MessageDigest.isEqual(passwordHash, hash(password)));
  }

  boolean hasServerKey() {
    return serverKeyHash != null;
  }

  boolean isServerKey(@Nullable String candidate) {
    return serverKeyHash != null
        && candidate != null
        && MessageDigest.isEqual(serverKeyHash, hash(ownKey, candidate));
  }
}
