package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {

  private final ManualTicker ticker = new ManualTicker();
  private final Buckets<Object> buckets = new Buckets<>(10, Duration.ofMinutes(1), ticker);

  private void drain(Object key) {
    for (int i = 0; i < 10; i++) {
      assertEquals(Duration.ZERO, buckets.take(key), "token " + i);
    }
  }

  @Test
  void aBucketThatIsEmptySaysWhenThereWillBeATokenAgain() {
    drain("key");
    assertEquals(Duration.ofSeconds(6), buckets.take("key"));
    ticker.advance(Duration.ofSeconds(2));
    assertEquals(Duration.ofSeconds(4), buckets.take("key"), "trying in vain costs nothing");
    ticker.advance(Duration.ofSeconds(4));
    assertEquals(Duration.ZERO, buckets.take("key"));
    assertEquals(Duration.ofSeconds(6), buckets.take("key"));
  }

  @Test
  void eachKeyHasABucketOfItsOwn() {
    drain("key");
    drain("other");
  }

  @Test
  void lookingTakesNothingAndLeavesNoTrace() {
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ZERO, buckets.look("key"));
    }
    assertEquals(0, buckets.size());
    drain("key");
    assertEquals(Duration.ofSeconds(6), buckets.look("key"));
    assertEquals(1, buckets.size());
  }

  @Test
  void aBucketIsForgottenOnceItIsFullAgain() {
    drain("key");
    ticker.advance(Duration.ofMinutes(1).minusNanos(1));
    assertEquals(1, buckets.size());
    ticker.advance(Duration.ofNanos(1));
    assertEquals(0, buckets.size());
    drain("key");
  }

  @Test
  void thereAreNeverMoreThanTheBound() {
    for (int i = 0; i < 5 * Buckets.MAX_KEYS; i++) {
      buckets.take(i);
      if (i % 1000 == 0) {
        assertTrue(buckets.size() <= Buckets.MAX_KEYS);
      }
    }
    assertEquals(Buckets.MAX_KEYS, buckets.size());
  }

  /** Or many addresses that ask once would free the few that ask all the time. */
  @Test
  void aBucketThatIsMuchUsedIsNotForgottenForThoseThatAreNot() {
    drain("greedy");
    for (int i = 0; i < 5 * Buckets.MAX_KEYS; i++) {
      buckets.take(i);
      if (i % 10 == 0) {
        assertEquals(Duration.ofSeconds(6), buckets.take("greedy"), "after " + i);
      }
    }
  }
}
