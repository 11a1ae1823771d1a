package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Utf8Test {

  /** Bytes at which the table of RFC 3629 goes from one row to another. */
  private static final int[] EDGES = {
    0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  @Test
  void anyFourBytesAreReadAsTheJdkReadsThem() {
    for (int a : EDGES) {
      for (int b : EDGES) {
        for (int c : EDGES) {
          for (int d : new int[] {'a', 0x80, 0xC0}) {
            byte[] bytes = {(byte) a, (byte) b, (byte) c, (byte) d};
            assertEquals(jdk(bytes), Utf8.read(bytes));
          }
        }
      }
    }
  }

  private static Optional<String> jdk(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
