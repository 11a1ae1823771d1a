package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("warm-up"))
        .count();
  }

  @Test
  void goesThroughBothSizesOfChannels() {
    int rounds = 0;
    while (rounds < 2) { // On a very slow machine one second may be too short for two.
      rounds += WarmUp.run(Duration.ofSeconds(1));
      assertTrue(rounds > 0, "it was broken off");
    }
  }

  @Test
  void ofNoLengthDoesNotBegin() {
    WarmUp.start(Duration.ZERO);
    assertEquals(0, threads());
  }
}
