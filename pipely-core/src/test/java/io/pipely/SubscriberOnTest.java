package io.pipely;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.core.ExecutorSubscriber;
import io.pipely.testing.Logs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Subscriber#on}: an application's code beside the publishers. */
class SubscriberOnTest {

  private static final String CHANNEL = "channel-0000";

  private final Pipely pipely = Pipely.create();
  private final ExecutorService pool = Executors.newFixedThreadPool(8);
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    pipely.close();
    pool.shutdownNow();
  }

  private void join(Subscriber subscriber) {
    Answer.<Membership>future(a -> pipely.join(Join.of(CHANNEL, "member"), subscriber, a)).join();
  }

  private void publish(Object payload) {
    Answer.<Receipt>future(a -> pipely.publish(CHANNEL, "chat", payload, a)).join();
  }

  @Test
  void eventsComeOneAfterTheOtherOnAnExecutorOfManyThreads() {
    List<Integer> numbers = new ArrayList<>(); // Not synchronised: no two are to come at once.
    join(
        Subscriber.on(
            pool,
            event -> {
              if (event.type().equals("chat")) {
                numbers.add(event.payloadAs(Integer.class));
                seen.add(event.type());
              }
            }));
    for (int n = 0; n < 5_000; n++) {
      publish(n);
    }
    await().until(() -> seen.size() == 5_000);
    assertEquals(IntStream.range(0, 5_000).boxed().toList(), numbers);
  }

  @Test
  void beginsWithTheListAndTheOwnConnect() {
    join(Subscriber.on(pool, event -> seen.add(event.type() + " " + event.payload())));
    await().until(() -> seen.size() == 2);
    assertEquals(List.of("CLIENT_LIST [\"member\"]", "CONNECT null"), seen);
  }

  @Test
  void nothingRunsOnThePublishersThread() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    join(Subscriber.on(pool, event -> threads.add(Thread.currentThread())));
    for (int n = 0; n < 100; n++) {
      publish(n);
    }
    await().until(() -> threads.size() == 102);
    assertFalse(threads.contains(Thread.currentThread()));
  }

  @Test
  void anExceptionIsLoggedAndTheNextEventFollows() {
    try (Logs logs = Logs.of(ExecutorSubscriber.class)) {
      join(
          Subscriber.on(
              pool,
              event -> {
                seen.add(event.payload().toString());
                if (event.type().equals("chat")) {
                  throw new IllegalStateException("a test's");
                }
              }));
      publish("secret");
      publish(2);
      await().until(() -> seen.contains("2"));
      await().until(() -> logs.lines().size() == 2);
      assertEquals(
          "ERROR a subscriber failed on Event[channel-0000, chat, server]", logs.lines().get(0));
      assertEquals(new Stats(1, 1), pipely.stats());
    }
  }

  /** Languages that know no checked exceptions throw them all the same. */
  @Test
  void anExceptionThatNobodyHasCheckedIsOneToo() {
    try (Logs logs = Logs.of(ExecutorSubscriber.class)) {
      join(
          Subscriber.on(
              pool,
              event -> {
                seen.add(event.type());
                SubscriberOnTest.<RuntimeException>raise(new IOException("a test's"));
              }));
      await().until(() -> seen.size() == 2);
      assertEquals(List.of("CLIENT_LIST", "CONNECT"), seen);
      await().until(() -> logs.lines().size() == 2);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void anErrorDoesNotLeaveTheMemberStuck() {
    List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
    Subscriber subscriber =
        Subscriber.on(
            task -> {
              try {
                task.run();
              } catch (Throwable e) {
                seen.add("thrown"); // As a pool's thread would die of it.
              }
            },
            event -> {
              throw new AssertionError("a test's");
            });
    Event event = Event.of(CHANNEL, "chat", "server", Payload.NULL);
    subscriber.deliver(
        Batch.of(event), failure -> ends.add(failure == null ? new Throwable() : failure));
    assertEquals(1, ends.size());
  }

  @Test
  void aConsumerMayBlockAndOnlyItsOwnEventsWait() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    join(
        Subscriber.on(
            pool,
            event -> {
              try {
                assertTrue(released.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              seen.add(event.type());
            }));
    List<String> others = Collections.synchronizedList(new ArrayList<>());
    Subscriber other = Subscriber.on(pool, event -> others.add(event.type()));
    Answer.<Membership>future(a -> pipely.join(Join.of(CHANNEL, "other"), other, a)).join();
    for (int n = 0; n < 100; n++) {
      publish(n);
    }
    await().until(() -> others.size() == 102);
    assertEquals(0, seen.size());
    released.countDown();
    await().until(() -> seen.size() == 103);
  }

  @Test
  void anExecutorThatRefusesLosesTheMember() {
    try (Logs logs = Logs.of("io.pipely.core.Attachment")) {
      join(
          Subscriber.on(
              task -> {
                throw new RejectedExecutionException("a test's");
              },
              event -> {}));
      assertEquals(new Stats(0, 0), pipely.stats());
      assertEquals(1, logs.lines().size());
    }
  }
}
