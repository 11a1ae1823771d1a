package io.pipely.contract;

import io.pipely.contract.Relay.Cut;
import io.pipely.contract.Relay.Fate;
import io.pipely.contract.Relay.Side;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** What becomes of the connections of one client, by chance. */
public final class Fates {

  /** More bytes than come while all members of a test join. */
  private static final int JOINED = 10_000;

  /**
   * Bytes of an answer: once there is one, the request has been served. Cut before, a client might
   * be back earlier than its first request is looked at, which then replaces the second.
   */
  private static final int ANSWERED = 1;

  /** Those of which the client is told. */
  private static final List<Cut> LOUD = List.of(Cut.FIN, Cut.RST, Cut.SERVER_END);

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
        int after = ANSWERED + random.nextInt(random.nextInt(5) == 0 ? 1_000 : 100_000);
        after += isFirst ? JOINED : 0;
        isFirst = false;
        return new Fate(cut, after, 0);
      }
    };
  }

  /**
   * All that can become of a stream: cut in any way, passed on at any pace, and twice silent. None
   * is cut before all have joined.
   */
  public static Supplier<Fate> ofStreams(Random random) {
    return new Supplier<>() {
      private int given;

      @Override
      public Fate get() {
        given++;
        boolean isSilent = given == 4 || given == 8;
        Cut cut = isSilent ? Cut.SILENCE : anyLoud(random);
        int after = ANSWERED + random.nextInt(random.nextInt(5) == 0 ? 1_000 : 50_000);
        after += given == 1 ? JOINED : 0;
        return new Fate(cut, Side.SERVER, after, random.nextInt(10_000), Pace.any(random));
      }
    };
  }

  /** Cuts without end, within a request or within its answer, at any pace. */
  public static Supplier<Fate> ofPublishers(Random random) {
    return () -> {
      Side side = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
      return new Fate(anyLoud(random), side, random.nextInt(4_000), 0, Pace.any(random));
    };
  }

  private static Cut anyLoud(Random random) {
    return LOUD.get(random.nextInt(LOUD.size()));
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
