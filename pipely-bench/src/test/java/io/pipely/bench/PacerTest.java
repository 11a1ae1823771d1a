package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PacerTest {

  /** Two members in the first channel, one in the second. */
  private final Channels channels = Channels.random(2, 3, new Random(1));

  /** What was published. */
  private record Event(int channel, long time, int slot) {}

  private final List<Event> published = new CopyOnWriteArrayList<>();

  @Test
  void eventsBearTheTimeAtWhichTheyWereDueHoweverLateTheyAre() throws Exception {
    Pacer pacer =
        Pacer.of(
            new Pace.Rate(3),
            (channel, time, slot) -> {
              assertTrue(System.nanoTime() - time >= 0, "not before it is due");
              published.add(new Event(channel, time, slot));
              LockSupport.parkNanos(
                  TimeUnit.MILLISECONDS.toNanos(400)); // Longer than the interval.
            },
            channels);
    pacer.run(Duration.ofSeconds(1));
    long start = published.get(0).time;
    assertEquals(
        List.of(0L, 333_333_333L, 666_666_666L),
        published.stream().map(event -> event.time - start).toList());
    assertEquals(List.of(0, 1, 0), published.stream().map(Event::channel).toList());
  }

  @Test
  void theNextEventOfASlotFollowsWhenTheLastMemberHasBeenReached() throws Exception {
    Pacer pacer =
        Pacer.of(
            new Pace.Window(2),
            (channel, time, slot) -> published.add(new Event(channel, time, slot)),
            channels);
    Thread run = new Thread(() -> runFor(pacer, Duration.ofHours(1)));
    run.start();
    while (run.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertEquals(2, published.size());
    int two = slotOf(0);
    int one = slotOf(1);
    pacer.delivered(two);
    assertEquals(2, published.size(), "one of two members has been reached");
    pacer.delivered(two);
    assertEquals(3, published.size());
    assertEquals(two, published.get(2).slot);
    pacer.delivered(one);
    assertEquals(4, published.size());
    assertEquals(one, published.get(3).slot);
    run.interrupt();
    run.join();
  }

  @Test
  void nothingIsPublishedWhenTheTimeIsOver() throws Exception {
    Pacer pacer =
        Pacer.of(
            new Pace.Window(1),
            (channel, time, slot) -> published.add(new Event(channel, time, slot)),
            channels);
    pacer.run(Duration.ZERO);
    pacer.delivered(0);
    pacer.delivered(0);
    assertEquals(1, published.size());
  }

  private int slotOf(int channel) {
    return published.stream()
        .filter(event -> event.channel == channel)
        .findFirst()
        .orElseThrow()
        .slot;
  }

  private static void runFor(Pacer pacer, Duration time) {
    try {
      pacer.run(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
