package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a last event id is read. The log here is of epoch k3x, keeps 11 to 20, and 20 is newest. */
class ResumptionTest {

  private static Resumption of(String lastEventId) {
    return Resumption.of(lastEventId, "k3x", 11, 20);
  }

  @ParameterizedTest
  @CsvSource({"k3x-20, 20", "k3x-19, 19", "k3x-10, 10"})
  void goesOnWhereAllThatFollowsIsKept(String id, long seen) {
    assertEquals(new Resumption(seen, null), of(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3x-9", "k3x-1", "k3x-0"})
  void whatIsNoLongerKeptIsAGap(String id) {
    assertEquals(GapReason.EVICTED, of(id).gap());
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3y-20", "K3X-20", "k3-20", "1-1", "k3y-0", "k3y-999999999999999999"})
  void anotherEpochIsAGapWhateverTheNumber(String id) {
    assertEquals(GapReason.EPOCH, of(id).gap());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k3x-21",
        "k3x-999999999999999999",
        "k3x-9223372036854775808",
        "k3x-99999999999999999999999999",
        "k3x--1",
        "k3x-+1",
        "k3x-020",
        "k3x-1.0",
        "k3x-",
        "-20",
        "k3x",
        "20",
        "k3x-20-1",
        " k3x-20",
        "k3x-20\n",
        "k3x-\u0663",
        "../../x",
        "\u00e4-1",
        "0123456789abcdef0123456789abcdef0-1",
      })
  void whatWasNeverGivenOutIsInvalid(String id) {
    assertEquals(GapReason.INVALID, of(id).gap());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "k3x-", "-1", "-"})
  void soIsWhatIsVeryLong(String part) {
    assertEquals(GapReason.INVALID, of(part.repeat(10_000)).gap());
  }
}
