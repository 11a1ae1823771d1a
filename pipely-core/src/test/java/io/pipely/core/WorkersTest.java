package io.pipely.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which thread runs what, and that nothing is forgotten. */
@Timeout(60)
class WorkersTest {

  private final Workers one = new Workers(1);
  private final Workers two = new Workers(2);
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    one.shutdownNow();
    two.shutdownNow();
  }

  /** A task that hands itself in again until it has run so many times. */
  private Runnable repeated(Executor executor, String name, int times, List<Thread> threads) {
    AtomicInteger runs = new AtomicInteger();
    return new Runnable() {
      @Override
      public void run() {
        threads.add(Thread.currentThread());
        int run = runs.incrementAndGet();
        if (run < times) {
          executor.execute(this);
        }
        done.add(name + run);
      }
    };
  }

  @Test
  void aTaskThatHandsItselfInAgainKeepsItsThread() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    two.execute(repeated(two, "a", 100, threads));
    await().until(() -> done.contains("a100"));
    threads.forEach(thread -> assertSame(threads.get(0), thread));
  }

  @Test
  void whatATaskHandsInRunsAfterItHasReturned() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    two.execute(repeated(two, "a", 3, threads));
    await().until(() -> done.size() == 3);
    assertEquals(List.of("a1", "a2", "a3"), done);
  }

  @Test
  void whoWaitsGetsTheThreadBetweenTwoRuns() throws InterruptedException {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch isHere = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    one.execute(
        () -> {
          isHere.countDown();
          awaitUninterruptibly(mayGo);
          one.execute(repeated(one, "long", 2, threads));
        });
    isHere.await();
    one.execute(() -> done.add("other"));
    mayGo.countDown();
    await().until(() -> done.size() == 3);
    assertEquals(List.of("other", "long1", "long2"), done);
  }

  @Test
  void ofSeveralThatATaskHandsInNoneIsForgotten() {
    one.execute(
        () -> {
          for (int i = 0; i < 5; i++) {
            String name = "part" + i;
            one.execute(() -> done.add(name));
          }
        });
    await().until(() -> done.size() == 5);
  }

  @Test
  void aTaskThatThrowsTakesNothingWithIt() {
    one.execute(
        () -> {
          one.execute(() -> done.add("what it handed in"));
          throw new IllegalStateException("an exception that a test asked for");
        });
    one.execute(() -> done.add("what came after it"));
    await().dontCatchUncaughtExceptions().until(() -> done.size() == 2);
  }

  @Test
  void aTaskOfAnotherPoolIsNotPutOff() {
    CountDownLatch ran = new CountDownLatch(1);
    two.execute(
        () -> {
          one.execute(ran::countDown);
          awaitUninterruptibly(ran); // Would never end, were it put off until this has returned.
          done.add("end");
        });
    await().until(() -> done.contains("end"));
  }

  @Test
  void whatWasBegunIsEndedAfterTheStop() throws InterruptedException {
    CountDownLatch isHere = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    one.execute(
        () -> {
          isHere.countDown();
          awaitUninterruptibly(mayGo);
          one.execute(repeated(one, "a", 50, threads));
        });
    isHere.await();
    one.shutdown();
    mayGo.countDown();
    assertTrue(one.awaitTermination(10, TimeUnit.SECONDS));
    assertEquals(50, done.size());
  }

  @Test
  void underAnyLoadEveryTaskRunsAsOftenAsItWasHandedIn() {
    Seeds.each(
        20,
        random -> {
          Phaser open = new Phaser(1);
          AtomicInteger runs = new AtomicInteger();
          int expected = 0;
          for (int i = 0; i < 50; i++) {
            int again = random.nextInt(20);
            expected += again + 1;
            open.bulkRegister(again + 1);
            two.execute(handingIn(again, open, runs));
          }
          open.arriveAndAwaitAdvance();
          assertEquals(expected, runs.get());
        });
  }

  private Runnable handingIn(int again, Phaser open, AtomicInteger runs) {
    return () -> {
      if (again > 0) {
        two.execute(handingIn(again - 1, open, runs));
      }
      runs.incrementAndGet();
      open.arriveAndDeregister();
    };
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
