package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Batch;
import io.pipely.Event;
import io.pipely.Payload;
import io.pipely.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

  /** Sees everything. */
  private static final Log.Reader ALL =
      new Log.Reader() {
        @Override
        public boolean maySee(long number, Audience audience) {
          return true;
        }

        @Override
        public boolean seesPresenceFrom(long number) {
          return true;
        }
      };

  /** The index of the first that is kept, in the list of all that were appended. */
  private static long first(Log log) {
    return log.first() - 1;
  }

  private static long next(Log log) {
    return log.next() - 1;
  }

  private static Batch from(Log log, int index) {
    return log.from(index + 1, ALL).batch();
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
  void numbersEventsWithoutGaps() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    assertEquals(0, next(log));
    List<Event> appended = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      assertEquals(n, next(log));
      Event event = sized(n + 2);
      appended.add(log.append(event, Audience.EVERYBODY, n));
    }
    assertEquals(0, first(log));
    assertEquals(appended, events(from(log, 0)));
    assertEquals(appended.subList(37, 100), events(from(log, 37)));
    assertEquals(appended.subList(99, 100), events(from(log, 99)));
  }

  @Test
  void keepsTheNewestEventsWithinItsBytes() {
    Log log = new Log(3 * weight(100), new Budget(Long.MAX_VALUE));
    for (int n = 0; n < 3; n++) {
      log.append(sized(100), Audience.EVERYBODY, 0);
    }
    assertEquals(0, first(log));
    log.append(sized(100), Audience.EVERYBODY, 0);
    assertEquals(1, first(log));
    log.append(sized(101), Audience.EVERYBODY, 0);
    assertEquals(3, first(log), "one byte too many costs one more event");
    assertEquals(5, next(log));
  }

  @Test
  void keepsTheNewestEventHoweverLargeItIs() {
    Log log = new Log(1, new Budget(Long.MAX_VALUE));
    log.append(sized(10), Audience.EVERYBODY, 0);
    log.append(sized(100_000), Audience.EVERYBODY, 0);
    assertEquals(1, first(log));
    assertEquals(1, from(log, 1).size());
    log.append(sized(10), Audience.EVERYBODY, 0);
    assertEquals(2, first(log));
  }

  @Test
  void letsGoOfWhatIsTooOldAndOfNothingElse() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 0; n < 10; n++) {
      log.append(sized(10), Audience.EVERYBODY, n);
    }
    log.evictBefore(4);
    assertEquals(4, first(log), "what is just as old as allowed stays");
    log.evictBefore(4);
    assertEquals(4, first(log));
    log.evictBefore(100);
    assertEquals(10, first(log));
    assertEquals(10, next(log));
    log.append(sized(10), Audience.EVERYBODY, 100);
    assertEquals(1, from(log, 10).size());
  }

  @Test
  void keepsEventsThatAreNoLongerNewWithoutTheBytesTheyWerePutInto() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 0; n < 3; n++) {
      log.append(sized(10), Audience.EVERYBODY, n);
    }
    List<Event> before = events(from(log, 0));
    log.evictBefore(0);
    log.bareBefore(2);
    List<Event> after = events(from(log, 0));
    assertNotSame(before.get(0), after.get(0));
    assertNotSame(before.get(1), after.get(1));
    assertSame(before.get(2), after.get(2), "this one is new");
    assertEquals(payloads(before), payloads(after));
    log.evictBefore(0);
    log.bareBefore(2);
    assertSame(after.get(0), from(log, 0).event(0), "once is enough");
  }

  @Test
  void ageIsRightWhereTheClockOverflows() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    log.append(sized(10), Audience.EVERYBODY, Long.MAX_VALUE - 1);
    log.append(sized(10), Audience.EVERYBODY, Long.MIN_VALUE + 1);
    log.evictBefore(Long.MAX_VALUE);
    assertEquals(1, first(log));
    log.evictBefore(Long.MIN_VALUE + 2);
    assertEquals(2, first(log));
  }

  @Test
  void bytesAreCountedAfterEvictionByAgeToo() {
    Log log = new Log(2 * weight(100), new Budget(Long.MAX_VALUE));
    log.append(sized(100), Audience.EVERYBODY, 0);
    log.append(sized(100), Audience.EVERYBODY, 0);
    log.evictBefore(1);
    log.append(sized(100), Audience.EVERYBODY, 1);
    log.append(sized(100), Audience.EVERYBODY, 1);
    assertEquals(2, first(log));
  }

  @Test
  void aBatchEndsAtSixtyFourKibibytes() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    int half = Log.BATCH_BYTES / 2 - weight(0);
    log.append(sized(half), Audience.EVERYBODY, 0);
    log.append(sized(half), Audience.EVERYBODY, 0);
    log.append(sized(10), Audience.EVERYBODY, 0);
    assertEquals(2, from(log, 0).size(), "two halves are just one batch");
    assertEquals(2, from(log, 1).size());
    log.append(sized(half), Audience.EVERYBODY, 0);
    assertEquals(2, from(log, 1).size(), "a little more is not");
    assertEquals(64 << 10, Log.BATCH_BYTES);
  }

  @Test
  void anEventLargerThanABatchGoesAlone() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    log.append(sized(10), Audience.EVERYBODY, 0);
    log.append(sized(100_000), Audience.EVERYBODY, 0);
    log.append(sized(10), Audience.EVERYBODY, 0);
    assertEquals(1, from(log, 0).size());
    assertEquals(1, from(log, 1).size());
    assertEquals(1, from(log, 2).size());
  }

  @Test
  void membersAtOnePlaceShareOneBatch() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 0; n < 8; n++) {
      log.append(sized(10), Audience.EVERYBODY, 0);
    }
    List<Batch> batches = List.of(from(log, 0), from(log, 2), from(log, 4), from(log, 6));
    for (int place = 0; place < 8; place += 2) {
      assertSame(batches.get(place / 2), from(log, place));
    }
  }

  @Test
  void aBatchIsNotSharedOnceThereIsMore() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    log.append(sized(10), Audience.EVERYBODY, 0);
    Batch one = from(log, 0);
    log.append(sized(10), Audience.EVERYBODY, 0);
    assertNotSame(one, from(log, 0));
    assertEquals(2, from(log, 0).size());
    assertEquals(1, one.size());
  }

  @Test
  void aFullBatchIsSharedWhateverFollows() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 0; n < 7; n++) {
      log.append(sized(10_000), Audience.EVERYBODY, 0);
    }
    Batch full = from(log, 0);
    assertEquals(6, full.size());
    log.append(sized(10_000), Audience.EVERYBODY, 0);
    assertSame(full, from(log, 0));
  }

  @Test
  void theRingGrowsAndShrinksWithoutLosingAnEvent() {
    Seeds.each(
        200,
        random -> {
          int keep = 100 + random.nextInt(20_000);
          Log log = new Log(keep, new Budget(Long.MAX_VALUE));
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
              log.append(event, Audience.EVERYBODY, step);
              all.add(event);
              weights.add(weight(payload));
              times.add(step);
              int kept = weights.subList(first, all.size()).stream().mapToInt(w -> w).sum();
              while (kept > keep && first < all.size() - 1) {
                kept -= weights.get(first++);
              }
            }
            assertEquals(first, first(log));
            assertEquals(all.size(), next(log));
            if (first < all.size()) {
              int from = first + random.nextInt(all.size() - first);
              List<Event> batch = events(from(log, from));
              assertEquals(payloads(all.subList(from, from + batch.size())), payloads(batch));
              assertTrue(from + batch.size() == all.size() || batch.size() > 1);
            }
          }
        });
  }

  /** A reader from whom some numbers are hidden. */
  private static Log.Reader blindFor(long... numbers) {
    Set<Long> hidden = Arrays.stream(numbers).boxed().collect(Collectors.toSet());
    return new Log.Reader() {
      @Override
      public boolean maySee(long number, Audience audience) {
        return !hidden.contains(number);
      }

      @Override
      public boolean seesPresenceFrom(long number) {
        return false; // So that it is asked for each.
      }
    };
  }

  private static Log ofEight() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 1; n <= 8; n++) {
      log.append(sized(10), Audience.EVERYBODY, 0);
    }
    return log;
  }

  private static List<String> ids(Log log, Batch batch) {
    return events(batch).stream().map(e -> e.id().replace(log.epoch() + "-", "")).toList();
  }

  @Test
  void eventsHaveTheEpochAndTheirNumberAsId() {
    Log log = ofEight();
    assertEquals(log.id(1), from(log, 0).event(0).id());
    assertTrue(log.id(1).matches("[0-9a-z]{1,7}-1"), log.id(1));
    assertEquals(log.id(8), from(log, 0).id());
    assertNotEquals(log.epoch(), ofEight().epoch());
  }

  @Test
  void aReaderIsGivenWhatItMaySee() {
    Log log = ofEight();
    Log.Reader reader = blindFor(1, 2, 4, 7, 8);
    assertEquals(3, log.skip(1, reader));
    Log.Slice slice = log.from(3, reader);
    assertEquals(List.of("3", "5", "6"), ids(log, slice.batch()));
    assertEquals(9, slice.to(), "what is hidden at the end is passed over");
    assertEquals(6, slice.last());
    assertEquals(9, log.skip(7, reader));
  }

  @Test
  void readersThatMaySeeTheSameShareOneBatch() {
    Log log = ofEight();
    Batch five = log.from(3, blindFor(5)).batch();
    Batch six = log.from(3, blindFor(6)).batch();
    Batch all = log.from(3, ALL).batch();
    assertSame(five, log.from(3, blindFor(5, 1)).batch());
    assertSame(six, log.from(3, blindFor(6)).batch());
    assertSame(all, log.from(3, blindFor(1)).batch());
    assertNotSame(five, six);
    assertNotSame(all, six);
  }

  @Test
  void whatIsHiddenDoesNotCountForTheSizeOfABatch() {
    Log log = new Log(1 << 20, new Budget(Long.MAX_VALUE));
    for (int n = 1; n <= 10; n++) {
      log.append(sized(20_000), Audience.EVERYBODY, 0);
    }
    Log.Slice slice = log.from(1, blindFor(2, 3, 5));
    assertEquals(List.of("1", "4", "6"), ids(log, slice.batch()));
    assertEquals(7, slice.to());
  }

  @Test
  void theNewestSoManyBeginWhereTheOldestOfThemIs() {
    Log log = ofEight();
    Log.Reader reader = blindFor(2, 4, 7);
    assertEquals(9, log.back(0, 9, reader));
    assertEquals(8, log.back(1, 9, reader));
    assertEquals(6, log.back(2, 9, reader));
    assertEquals(3, log.back(4, 9, reader));
    assertEquals(1, log.back(100, 9, reader));
    assertEquals(5, log.back(1, 6, reader), "before a number");
  }

  @Test
  void anEventForSomeIsRememberedAsTheNewestOfItsKind() {
    Log log = ofEight();
    assertTrue(log.seesAll(ALL, 1));
    log.append(sized(10), new Audience.Only(Set.of()), 0);
    log.append(sized(10), Audience.EVERYBODY, 0);
    assertFalse(log.seesAll(ALL, 9));
    assertTrue(log.seesAll(ALL, 10));
  }

  @Test
  void eachQuarterOfWhatMayBeKeptSetsAMark() {
    Log log = new Log(8 * weight(100), new Budget(Long.MAX_VALUE));
    List<Long> marks = new ArrayList<>();
    for (int n = 1; n <= 9; n++) {
      log.append(sized(100), Audience.EVERYBODY, 0);
      marks.add(log.mark());
    }
    assertEquals(List.of(1L, 1L, 4L, 4L, 4L, 7L, 7L, 7L, 10L), marks);
  }

  @Test
  void allLogsTogetherKeepNoMoreThanTheirBudget() {
    Budget budget = new Budget(4L * weight(100));
    Log one = new Log(1 << 20, budget);
    Log other = new Log(1 << 20, budget);
    for (int n = 0; n < 3; n++) {
      one.append(sized(100), Audience.EVERYBODY, 0);
    }
    for (int n = 0; n < 3; n++) {
      other.append(sized(100), Audience.EVERYBODY, 0);
    }
    assertEquals(3, next(one) - first(one), "others do not lose what they have");
    assertEquals(1, next(other) - first(other));
    assertEquals(4L * weight(100), budget.used());
    one.clear();
    assertEquals((long) weight(100), budget.used());
    other.append(sized(100), Audience.EVERYBODY, 0);
    assertEquals(2, next(other) - first(other));
    other.evictBefore(1);
    assertEquals(0, budget.used());
  }

  @Test
  void whomAnEventIsDirectedToCountsToo() {
    Budget budget = new Budget(Long.MAX_VALUE);
    Log log = new Log(1 << 20, budget);
    log.append(sized(100).to(List.of("anna", "bob")), Audience.EVERYBODY, 0);
    assertEquals(weight(100) + 32 + 4 + 32 + 3, budget.used());
  }
}
