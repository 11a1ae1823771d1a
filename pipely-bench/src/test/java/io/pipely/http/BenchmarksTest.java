package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every benchmark once, without JMH, so that none of them rots. */
class BenchmarksTest {

  @Test
  void anEventReachesEveryMember() {
    PublishBenchmark benchmark = new PublishBenchmark();
    PublishBenchmark.One one = new PublishBenchmark.One();
    assertEquals(1, benchmark.toOne(one));
    one.close();
    PublishBenchmark.Ten ten = new PublishBenchmark.Ten();
    assertEquals(10, benchmark.toTen(ten));
    ten.close();
    PublishBenchmark.Thousand thousand = new PublishBenchmark.Thousand();
    assertEquals(1000, benchmark.toThousand(thousand));
    thousand.close();
  }

  @Test
  void anAudienceAtRestIsWrittenToOnceForEachEvent() {
    int members = 200;
    try (Audience audience = Audience.of(members)) {
      long joining = audience.writes();
      assertEquals(members * (members + 1) / 2, joining);
      for (int i = 1; i <= 50; i++) {
        audience.publish();
        assertEquals(joining + (long) i * members, audience.writes());
      }
    }
  }

  @Test
  void aBatchIsThirtyTwoTimesItsEvent() {
    EncodeBenchmark benchmark = new EncodeBenchmark();
    assertEquals(32 * benchmark.encode().remaining(), benchmark.join().remaining());
  }

  @Test
  void thePayloadsAreAsLongAsTheBenchmarksSay() throws Exception {
    ParseBenchmark benchmark = new ParseBenchmark();
    assertEquals(100, benchmark.text().publications().get(0).payload().length());
    int nested = benchmark.nested().publications().get(0).payload().length();
    assertTrue(nested > 500 && nested < 1024, () -> "without white space: " + nested);
  }
}
