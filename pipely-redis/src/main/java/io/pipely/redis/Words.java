package io.pipely.redis;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What nobody else comes upon. */
final class Words {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Words() {}

  /** Letters and digits, of which there are more than nodes will ever be. */
  static String node() {
    return Long.toString(RANDOM.nextLong(Long.MAX_VALUE / 36, Long.MAX_VALUE), 36);
  }

  /** In hexadecimal. */
  static String ofBytes(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
