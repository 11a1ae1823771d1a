package io.pipely.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is dead, second by second. */
class CensusTest {

  private final Census census = new Census("me");
  private final Map<String, String> counts = new HashMap<>(Map.of("me", "1", "other", "5"));
  private long now = -1_000_000_000L;

  /** A second later. */
  private List<String> take() {
    return takeAfter(Duration.ofSeconds(1));
  }

  private List<String> takeAfter(Duration time) {
    now += time.toNanos();
    List<String> dead = census.take(counts, now);
    dead.forEach(census::told);
    return dead;
  }

  @Test
  void nodeThatCountsLives() {
    for (int i = 0; i < 100; i++) {
      counts.put("other", Integer.toString(i));
      assertEquals(List.of(), take());
    }
  }

  @Test
  void nodeThatStandsStillForEightSecondsIsDeadOnce() {
    for (int i = 0; i < 8; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(List.of("other"), take());
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(Map.of("other", "5"), census.gone());
  }

  @Test
  void deathIsToldAgainUntilItHasBeenTold() {
    takeAfter(Duration.ZERO);
    for (int i = 0; i < 4; i++) {
      census.take(counts, now += Duration.ofSeconds(2).toNanos());
    }
    assertEquals(List.of("other"), census.take(counts, now));
    assertEquals(List.of("other"), census.take(counts, now));
    census.told("other");
    assertEquals(List.of(), census.take(counts, now));
  }

  @Test
  void nodeThatComesBackMayDieAgain() {
    for (int i = 0; i < 9; i++) {
      take();
    }
    assertEquals(List.of(), census.living());
    counts.put("other", "6");
    assertEquals(List.of(), take());
    assertEquals(Map.of(), census.gone());
    assertEquals(List.of("other"), census.living());
    for (int i = 0; i < 7; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(List.of("other"), take());
  }

  @Test
  void outageIsNobodysDeath() {
    for (int i = 0; i < 8; i++) {
      take();
    }
    census.interrupt();
    for (int i = 0; i < 8; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(List.of("other"), take());
  }

  @Test
  void pauseOfThisNodeIsNobodysDeath() {
    take();
    assertEquals(List.of(), takeAfter(Duration.ofSeconds(60)));
    for (int i = 0; i < 7; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(List.of("other"), take());
  }

  @Test
  void nodeThatSaysGoodbyeIsDeadAtOnce() {
    take();
    counts.put("other", Census.BYE);
    assertEquals(List.of("other"), take());
    assertEquals(List.of(), census.living());
    assertEquals(List.of(), take());
    census.interrupt();
    assertEquals(List.of(), take());
  }

  @Test
  void nodeWhoseCountIsGoneDiesAndIsForgotten() {
    take();
    counts.remove("other");
    for (int i = 0; i < 8; i++) {
      assertEquals(List.of(), take());
    }
    assertEquals(List.of("other"), take());
    assertEquals(List.of(), take());
    assertEquals(Map.of(), census.gone());
  }

  @Test
  void oneOfThoseWhoLiveIsTheCaretaker() {
    assertTrue(census.isCaretaker());
    counts.put("zoe", "1");
    take();
    assertTrue(census.isCaretaker());
    counts.put("adam", Census.BYE);
    census.take(counts, now);
    assertFalse(census.isCaretaker());
    take();
    assertTrue(census.isCaretaker());
  }
}
