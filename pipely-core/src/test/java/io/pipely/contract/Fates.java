package io.pipely.contract;

import io.pipely.contract.Relay.Cut;
import io.pipely.contract.Relay.Fate;
import java.util.Random;
import java.util.function.Supplier;

/** What becomes of the connections of one client, by chance. */
final class Fates {

  /** More bytes than come while all members of a test join. */
  private static final int JOINED = 10_000;

  private Fates() {}

  /**
   * Cuts without end, the first not before all have joined; one in five within the answer's head or
   * the first frames.
   */
  static Supplier<Fate> cuts(Cut cut, Random random) {
    return new Supplier<>() {
      private boolean isFirst = true;

      @Override
      public Fate get() {
        int after = random.nextInt(random.nextInt(5) == 0 ? 1_000 : 100_000);
        after += isFirst ? JOINED : 0;
        isFirst = false;
        return new Fate(cut, after, 0);
      }
    };
  }

  /** Some connections that fall silent, none before all have joined; the one after them lasts. */
  static Supplier<Fate> silences(int count, Random random) {
    return new Supplier<>() {
      private int given;

      @Override
      public Fate get() {
        if (given++ == count) {
          return Fate.NONE;
        }
        int after = JOINED + random.nextInt(400_000);
        return new Fate(Cut.SILENCE, after, random.nextInt(100_000));
      }
    };
  }
}
