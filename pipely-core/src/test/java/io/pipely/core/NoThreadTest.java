package io.pipely.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.PipelyListener;
import io.pipely.Receipt;
import io.pipely.Stats;
import io.pipely.testing.Logs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A system that gives no more threads, as one does whose limit is reached: what was to be done
 * elsewhere is done where it comes up, and nothing that was begun is left undone.
 */
@Timeout(60)
class NoThreadTest {

  private static final String CHANNEL = "channel-0000";
  private static final String TOKEN = "0123456789abcdef";

  private final ManualTicker ticker = new ManualTicker();
  private final AtomicInteger refused = new AtomicInteger();
  private final Logs logs = Logs.of(Handover.class);

  @AfterEach
  void close() {
    logs.close();
  }

  private Hub hubOn(Executor executor) {
    return new Hub(Options.DEFAULTS, ticker, executor, () -> {});
  }

  private Executor withoutThreads() {
    return task -> {
      refused.incrementAndGet();
      throw new OutOfMemoryError("unable to create native thread");
    };
  }

  private static Membership join(Hub hub, Recorder recorder) {
    return join(hub, recorder, Join.of(CHANNEL, recorder.toString()));
  }

  private static Membership join(Hub hub, Recorder recorder, Join join) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(join, recorder, outcome);
    return outcome.value();
  }

  private static List<Recorder> crowd(Hub hub, int count) {
    List<Recorder> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Recorder recorder = Recorder.atOnce("client-" + i);
      join(hub, recorder);
      crowd.add(recorder);
    }
    return crowd;
  }

  private static void publish(Hub hub, int payload) {
    Outcome<Receipt> outcome = new Outcome<>();
    hub.publish(CHANNEL, "chat", payload, outcome);
    assertTrue(outcome.value().recipients() > 0);
  }

  @Test
  void aLongPassIsRunByThePublisherItself() {
    Hub hub = hubOn(withoutThreads());
    List<Recorder> crowd = crowd(hub, 3 * FanOut.TURN);
    publish(hub, 1);
    publish(hub, 2);
    for (Recorder member : crowd) {
      assertEquals(List.of("1", "2"), member.payloads("chat"));
      member.check();
    }
    assertTrue(refused.get() > 0);
    assertTrue(logs.lines().get(0).startsWith("ERROR no thread"), () -> logs.lines().get(0));
  }

  @Test
  void itIsRunByTurnsNotByOneCallWithinTheOther() {
    Hub hub =
        hubOn(
            task -> {
              throw new RejectedExecutionException("a test's");
            });
    Recorder echo = Recorder.atOnce("echo");
    List<Integer> depths = new ArrayList<>();
    echo.afterDone(
        () -> {
          depths.add(Thread.currentThread().getStackTrace().length);
          if (depths.size() < 10 * FanOut.TURN) {
            publish(hub, depths.size()); // Needs a pass, as often as it is handed one.
          }
        });
    join(hub, echo);
    assertEquals(10 * FanOut.TURN, depths.size());
    assertEquals(depths.get(2 * FanOut.TURN), depths.get(9 * FanOut.TURN));
    echo.check();
  }

  @Test
  void aSignOfLifeThatWasTakenIsDelivered() {
    Hub hub = hubOn(withoutThreads());
    Recorder member = Recorder.atOnce("member");
    join(hub, member);
    ticker.advance(Options.DEFAULTS.heartbeat());
    hub.sweep();
    assertEquals(1, member.batches().stream().filter(batch -> batch.size() == 0).count());
    publish(hub, 1);
    assertEquals(List.of("1"), member.payloads("chat"), "nobody holds it any more");
  }

  @Test
  void theOthersLearnOfAGraceThatHasRunOut() {
    Hub hub = hubOn(withoutThreads());
    Recorder other = Recorder.atOnce("other");
    join(hub, other);
    Join withToken = Join.of(CHANNEL, "member").token(TOKEN);
    join(hub, Recorder.atOnce("member"), withToken).lost();
    ticker.advance(Options.DEFAULTS.grace());
    hub.endGraces();
    assertTrue(other.texts().contains("DISCONNECT member null"), () -> other.texts().toString());
  }

  @Test
  void whatAWorkerHasPutOffIsNotForgotten() {
    CountDownLatch mayGo = new CountDownLatch(1);
    CountDownLatch isHere = new CountDownLatch(1);
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    Workers two = new Workers(2);
    try {
      two.execute(
          () -> {
            isHere.countDown();
            awaitUninterruptibly(mayGo);
            two.execute(() -> done.add("put off"));
          });
      awaitUninterruptibly(isHere);
      two.setThreadFactory(
          work -> {
            throw new OutOfMemoryError("unable to create native thread");
          });
      assertThrows(OutOfMemoryError.class, () -> two.execute(() -> done.add("refused")));
      two.getQueue().add(() -> done.add("waiting")); // So that what is put off has to stand behind.
      mayGo.countDown();
      await().until(() -> done.size() == 2);
      assertEquals(List.of("put off", "waiting"), done.stream().sorted().toList());
    } finally {
      two.shutdownNow();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aListenerMissesWhatNobodyCouldTellItAndTheChannelIsAsItShouldBe() {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger threadsToBeHad = new AtomicInteger();
    Notices notices =
        new Notices(
            List.of(new Teller(told)),
            work -> {
              if (threadsToBeHad.get() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return Executors.defaultThreadFactory().newThread(work);
            });
    Hub hub =
        new Hub(
            Options.DEFAULTS.withGrace(Duration.ZERO),
            ticker,
            Runnable::run,
            () -> {},
            new Secrets(null),
            new Gate(null),
            notices,
            null);
    Recorder member = Recorder.atOnce("member");
    Membership membership = join(hub, member);
    publish(hub, 1);
    membership.leave();
    assertEquals(List.of("1"), member.payloads("chat"));
    assertEquals(List.of(EndReason.LEFT), member.ends());
    assertEquals(new Stats(0, 0), hub.stats());

    threadsToBeHad.set(1);
    join(hub, Recorder.atOnce("second"));
    await().until(() -> told.size() == 3);
    assertEquals(List.of("missed 5", "created", "joined second"), told);
    notices.stop();
  }

  /** What it is told, as text. */
  private record Teller(List<String> told) implements PipelyListener {

    @Override
    public void channelCreated(String channelId) {
      told.add("created");
    }

    @Override
    public void joined(String channelId, String clientId) {
      told.add("joined " + clientId);
    }

    @Override
    public void missed(long count) {
      told.add("missed " + count);
    }
  }
}
