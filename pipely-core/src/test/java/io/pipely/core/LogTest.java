package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Batch;
import io.pipely.Event;
import io.pipely.Payload;
import io.pipely.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {

  /** What one of {@link #sized} weighs: 12 + 1 + 3 characters, the payload, and 128. */
  private static int weight(int payload) {
    return 12 + 1 + 3 + payload + 128;
  }

  /** With a payload of so many bytes. */
  private static Event sized(int payload) {
    return Event.of("channel-0000", "t", "abc", Payload.of("x".repeat(payload - 2)));
  }

  private static List<Event> events(Batch batch) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.add(batch.event(i));
    }
    return events;
  }

  private static List<Payload> payloads(List<Event> events) {
    return events.stream().map(Event::payload).toList();
  }

  @Test
  void numbersEventsFromZeroWithoutGaps() {
    Log log = new Log(1 << 20);
    assertEquals(0, log.next());
    List<Event> appended = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      assertEquals(n, log.next());
      Event event = sized(n + 2);
      appended.add(event);
      log.append(event, n);
    }
    assertEquals(0, log.first());
    assertEquals(appended, events(log.from(0)));
    assertEquals(appended.subList(37, 100), events(log.from(37)));
    assertEquals(appended.subList(99, 100), events(log.from(99)));
  }

  @Test
  void keepsTheNewestEventsWithinItsBytes() {
    Log log = new Log(3 * weight(100));
    for (int n = 0; n < 3; n++) {
      log.append(sized(100), 0);
    }
    assertEquals(0, log.first());
    log.append(sized(100), 0);
    assertEquals(1, log.first());
    log.append(sized(101), 0);
    assertEquals(3, log.first(), "one byte too many costs one more event");
    assertEquals(5, log.next());
  }

  @Test
  void keepsTheNewestEventHoweverLargeItIs() {
    Log log = new Log(1);
    log.append(sized(10), 0);
    log.append(sized(100_000), 0);
    assertEquals(1, log.first());
    assertEquals(1, log.from(1).size());
    log.append(sized(10), 0);
    assertEquals(2, log.first());
  }

  @Test
  void letsGoOfWhatIsTooOldAndOfNothingElse() {
    Log log = new Log(1 << 20);
    for (int n = 0; n < 10; n++) {
      log.append(sized(10), n);
    }
    log.evictBefore(4);
    assertEquals(4, log.first(), "what is just as old as allowed stays");
    log.evictBefore(4);
    assertEquals(4, log.first());
    log.evictBefore(100);
    assertEquals(10, log.first());
    assertEquals(10, log.next());
    log.append(sized(10), 100);
    assertEquals(1, log.from(10).size());
  }

  @Test
  void keepsEventsThatAreNoLongerNewWithoutTheBytesTheyWerePutInto() {
    Log log = new Log(1 << 20);
    for (int n = 0; n < 3; n++) {
      log.append(sized(10), n);
    }
    List<Event> before = events(log.from(0));
    log.evictBefore(0);
    log.bareBefore(2);
    List<Event> after = events(log.from(0));
    assertNotSame(before.get(0), after.get(0));
    assertNotSame(before.get(1), after.get(1));
    assertSame(before.get(2), after.get(2), "this one is new");
    assertEquals(payloads(before), payloads(after));
    log.evictBefore(0);
    log.bareBefore(2);
    assertSame(after.get(0), log.from(0).event(0), "once is enough");
  }

  @Test
  void ageIsRightWhereTheClockOverflows() {
    Log log = new Log(1 << 20);
    log.append(sized(10), Long.MAX_VALUE - 1);
    log.append(sized(10), Long.MIN_VALUE + 1);
    log.evictBefore(Long.MAX_VALUE);
    assertEquals(1, log.first());
    log.evictBefore(Long.MIN_VALUE + 2);
    assertEquals(2, log.first());
  }

  @Test
  void bytesAreCountedAfterEvictionByAgeToo() {
    Log log = new Log(2 * weight(100));
    log.append(sized(100), 0);
    log.append(sized(100), 0);
    log.evictBefore(1);
    log.append(sized(100), 1);
    log.append(sized(100), 1);
    assertEquals(2, log.first());
  }

  @Test
  void aBatchEndsAtSixtyFourKibibytes() {
    Log log = new Log(1 << 20);
    int half = Log.BATCH_BYTES / 2 - weight(0);
    log.append(sized(half), 0);
    log.append(sized(half), 0);
    log.append(sized(10), 0);
    assertEquals(2, log.from(0).size(), "two halves are just one batch");
    assertEquals(2, log.from(1).size());
    log.append(sized(half), 0);
    assertEquals(2, log.from(1).size(), "a little more is not");
    assertEquals(64 << 10, Log.BATCH_BYTES);
  }

  @Test
  void anEventLargerThanABatchGoesAlone() {
    Log log = new Log(1 << 20);
    log.append(sized(10), 0);
    log.append(sized(100_000), 0);
    log.append(sized(10), 0);
    assertEquals(1, log.from(0).size());
    assertEquals(1, log.from(1).size());
    assertEquals(1, log.from(2).size());
  }

  @Test
  void membersAtOnePlaceShareOneBatch() {
    Log log = new Log(1 << 20);
    for (int n = 0; n < 8; n++) {
      log.append(sized(10), 0);
    }
    List<Batch> batches = List.of(log.from(0), log.from(2), log.from(4), log.from(6));
    for (int place = 0; place < 8; place += 2) {
      assertSame(batches.get(place / 2), log.from(place));
    }
  }

  @Test
  void aBatchIsNotSharedOnceThereIsMore() {
    Log log = new Log(1 << 20);
    log.append(sized(10), 0);
    Batch one = log.from(0);
    log.append(sized(10), 0);
    assertNotSame(one, log.from(0));
    assertEquals(2, log.from(0).size());
    assertEquals(1, one.size());
  }

  @Test
  void aFullBatchIsSharedWhateverFollows() {
    Log log = new Log(1 << 20);
    for (int n = 0; n < 7; n++) {
      log.append(sized(10_000), 0);
    }
    Batch full = log.from(0);
    assertEquals(6, full.size());
    log.append(sized(10_000), 0);
    assertSame(full, log.from(0));
  }

  @Test
  void theRingGrowsAndShrinksWithoutLosingAnEvent() {
    Seeds.each(
        200,
        random -> {
          int keep = 100 + random.nextInt(20_000);
          Log log = new Log(keep);
          List<Event> all = new ArrayList<>();
          List<Integer> weights = new ArrayList<>();
          List<Integer> times = new ArrayList<>();
          int first = 0;
          for (int step = 0; step < 2_000; step++) {
            if (random.nextInt(30) == 0) {
              int oldest = step - random.nextInt(200);
              log.evictBefore(oldest);
              log.bareBefore(step - random.nextInt(200));
              while (first < all.size() && times.get(first) < oldest) {
                first++;
              }
            } else {
              int payload = 2 + random.nextInt(300);
              Event event = sized(payload);
              log.append(event, step);
              all.add(event);
              weights.add(weight(payload));
              times.add(step);
              int kept = weights.subList(first, all.size()).stream().mapToInt(w -> w).sum();
              while (kept > keep && first < all.size() - 1) {
                kept -= weights.get(first++);
              }
            }
            assertEquals(first, log.first());
            assertEquals(all.size(), log.next());
            if (first < all.size()) {
              int from = first + random.nextInt(all.size() - first);
              List<Event> batch = events(log.from(from));
              assertEquals(payloads(all.subList(from, from + batch.size())), payloads(batch));
              assertTrue(from + batch.size() == all.size() || batch.size() > 1);
            }
          }
        });
  }
}
