package io.pipely.endurance.stress;

import java.net.URI;
import java.time.Duration;
import java.util.Random;

/**
 * Lets many clients come, go, speak and break down at random in a few channels of a server, round
 * after round, and checks that each of them receives what it has to receive, and nothing else. What
 * is done follows from the seed, as far as time allows.
 */
public final class Stress {

  private static final Duration ROUND = Duration.ofSeconds(8);

  /** What is to be done when a round is over, and nobody is there. */
  @FunctionalInterface
  public interface AfterRound {
    void isOver(int number) throws Exception;
  }

  private Stress() {}

  /**
   * Runs until the time is over.
   *
   * @throws AssertionError where anything was wrong
   */
  public static Tally run(URI server, Settings settings, AfterRound afterRound) throws Exception {
    Tally tally = new Tally();
    Random random = new Random(settings.seed());
    long end = System.nanoTime() + settings.time().toNanos();
    int number = 0;
    do {
      number++;
      Round round = new Round(server, settings, new Random(random.nextLong()), tally);
      round.run(ROUND, "round " + number + " of seed " + settings.seed());
      afterRound.isOver(number);
    } while (System.nanoTime() - end < 0);
    return tally;
  }
}
