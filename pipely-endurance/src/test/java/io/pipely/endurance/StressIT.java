package io.pipely.endurance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.endurance.stress.Settings;
import io.pipely.endurance.stress.Tally;
import io.pipely.testing.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A minute of the stress program on each server; {@link StressMain} goes on for longer. */
@Tag("long")
@Tag("unsettled")
class StressIT {

  private static final Duration TIME = Duration.ofMinutes(1);

  @ParameterizedTest
  @EnumSource
  void everybodyReceivesWhatIsForHimAndNothingElse(ServerKind kind) {
    Seeds.fresh(
        random -> {
          Settings settings = new Settings(random.nextLong(), TIME, 24, 8, 0, Duration.ZERO, "");
          Tally tally = StressRun.of(kind, settings);
          for (String what :
              List.of(
                  "takeover",
                  "return",
                  "return after the grace",
                  "leave",
                  "reset",
                  "resumed",
                  "history",
                  "directed",
                  "publication broken off",
                  "GAP epoch",
                  "GAP evicted",
                  "GAP invalid")) {
            assertTrue(tally.of(what) > 0, () -> "no " + what + " in " + tally);
          }
        });
  }
}
