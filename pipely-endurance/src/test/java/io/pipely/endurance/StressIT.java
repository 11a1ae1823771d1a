package io.pipely.endurance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.endurance.stress.Tally;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A minute of the stress program on each server; {@link StressMain} goes on for longer. */
@Tag("long")
class StressIT {

  /** Printed with each run; given back as a system property. */
  private static final long SEED = Long.getLong("pipely.stress.seed", System.nanoTime());

  private static final Duration TIME = Duration.ofMinutes(1);

  /** What a minute has to reach, or it would show little. */
  private static final List<String> REACHED =
      List.of(
          "takeover",
          "return",
          "return after the grace",
          "leave",
          "reset",
          "vanished",
          "resumed",
          "history",
          "directed",
          "publication broken off",
          "list checked",
          "GAP epoch",
          "GAP evicted",
          "GAP invalid");

  @ParameterizedTest
  @EnumSource
  void everybodyReceivesWhatIsForHimAndNothingElse(ServerKind kind) throws Exception {
    Tally tally = StressRun.of(kind, SEED, TIME, 24, 8);
    for (String what : REACHED) {
      assertTrue(tally.of(what) > 0, () -> "no '" + what + "' in " + tally);
    }
  }
}
