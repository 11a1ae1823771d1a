package io.pipely.contract;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How the bytes of a connection are passed on: in pieces, with a pause ahead of each.
 *
 * @param mostBytes of one piece
 * @param mostPause ahead of one piece
 * @param seed of what chance makes of both
 */
public record Pace(int mostBytes, Duration mostPause, long seed) {

  /** As they come. */
  static final Pace FULL = new Pace(Integer.MAX_VALUE, Duration.ZERO, 0);

  /** All of these by chance: as they come, late, a few at a time, byte by byte. */
  static Pace any(Random random) {
    long seed = random.nextLong();
    return switch (random.nextInt(4)) {
      case 0 -> new Pace(Integer.MAX_VALUE, Duration.ofMillis(10), seed);
      case 1 -> new Pace(40, Duration.ofMillis(1), seed);
      case 2 -> new Pace(1, Duration.ZERO, seed);
      default -> FULL;
    };
  }

  /** Passes bytes on to one side. */
  final class Pump {

    private final OutputStream out;
    private final Random random = new Random(seed);

    Pump(OutputStream out) {
      this.out = out;
    }

    void pass(byte[] bytes, int length) throws IOException {
      int passed = 0;
      while (passed < length) {
        if (mostPause.toNanos() > 0) {
          LockSupport.parkNanos(random.nextLong(mostPause.toNanos()));
        }
        int most = Math.min(mostBytes, length - passed);
        int piece = mostBytes > length ? most : 1 + random.nextInt(most);
        out.write(bytes, passed, piece);
        passed += piece;
      }
    }
  }
}
