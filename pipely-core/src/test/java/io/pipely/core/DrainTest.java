package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Caller;
import io.pipely.ChannelInfo;
import io.pipely.Credentials;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing in good order: nothing new, and everybody gets what there is ahead of the end. */
class DrainTest {

  private static final String CHANNEL = "channel-0000";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualTicker ticker = new ManualTicker();
  private final ManualExecutor executor = new ManualExecutor();
  private final Hub hub = new Hub(Options.DEFAULTS, ticker, executor, () -> {});

  private Membership join(Recorder recorder) {
    return join(Join.of(CHANNEL, recorder.toString()), recorder);
  }

  private Membership join(Join join, Recorder recorder) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(join, recorder, outcome);
    return outcome.value();
  }

  private Outcome<Receipt> publish(String payload) {
    Outcome<Receipt> outcome = new Outcome<>();
    hub.publish(CHANNEL, "chat", payload, outcome);
    return outcome;
  }

  @Test
  void whoHasEverythingIsEndedAtOnceAndTheOthersWhenTheyHaveIt() {
    Recorder quick = Recorder.atOnce("quick");
    Recorder slow = Recorder.byHand("slow");
    join(quick);
    join(slow);
    publish("one");
    publish("two");
    hub.drain();
    assertEquals(List.of(EndReason.CLOSED), quick.ends());
    assertEquals(List.of(), slow.ends());
    assertTrue(slow.complete());
    assertEquals(List.of("\"one\"", "\"two\""), slow.payloads("chat"));
    assertEquals(List.of(), slow.ends(), "not before it is through with the last batch");
    assertTrue(slow.complete());
    assertEquals(List.of(EndReason.CLOSED), slow.ends());
    quick.check();
    slow.check();
    assertFalse(slow.texts().stream().anyMatch(text -> text.startsWith("DISCONNECT")));
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  void aPassThatWaitsOnTheExecutorReachesEverybodyFirst() {
    List<Recorder> members = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Recorder recorder = Recorder.atOnce("client-" + i);
      join(recorder);
      members.add(recorder);
    }
    executor.runAll();
    publish("one");
    hub.drain();
    assertEquals(new Stats(1, 300), hub.stats());
    executor.runAll();
    for (Recorder member : members) {
      assertEquals(List.of("\"one\""), member.payloads("chat"));
      assertEquals(List.of(EndReason.CLOSED), member.ends());
      member.check();
    }
  }

  @Test
  void nothingIsAcceptedMeanwhile() {
    Recorder slow = Recorder.byHand("slow");
    join(slow);
    hub.drain();
    assertEquals(Refusal.SHUTTING_DOWN, publish("late").refusal());
    Outcome<Membership> joined = new Outcome<>();
    hub.join(Join.of(CHANNEL, "late"), Recorder.atOnce("late"), joined);
    assertEquals(Refusal.SHUTTING_DOWN, joined.refusal());
    Outcome<String> left = new Outcome<>();
    hub.leave(CHANNEL, "slow", null, left);
    assertEquals(Refusal.SHUTTING_DOWN, left.refusal());
    assertLooksShut();
    hub.close();
    assertLooksShut();
    assertEquals(Refusal.SHUTTING_DOWN, publish("late").refusal());
  }

  private void assertLooksShut() {
    Outcome<ChannelInfo> one = new Outcome<>();
    hub.look(CHANNEL, one);
    assertEquals(Refusal.SHUTTING_DOWN, one.refusal());
    Outcome<ChannelInfo> asSomebody = new Outcome<>();
    hub.look(CHANNEL, Credentials.NONE, Caller.APPLICATION, asSomebody);
    assertEquals(Refusal.SHUTTING_DOWN, asSomebody.refusal());
    Outcome<List<ChannelInfo>> all = new Outcome<>();
    hub.look(all);
    assertEquals(Refusal.SHUTTING_DOWN, all.refusal());
  }

  @Test
  void nobodyIsWaitedForWhoIsAwayOrGetsLost() {
    Join withToken = Join.of(CHANNEL, "away").token("a-token-of-its-own");
    join(withToken, Recorder.atOnce("away")).lost();
    Recorder slow = Recorder.byHand("slow");
    Membership membership = join(Join.of(CHANNEL, "slow").token("another-token-it-is"), slow);
    assertEquals(new Stats(1, 2), hub.stats());
    hub.drain();
    assertEquals(new Stats(1, 1), hub.stats());
    membership.lost();
    assertEquals(new Stats(0, 0), hub.stats());
    assertEquals(List.of(EndReason.LOST), slow.ends());
  }

  @Test
  @Timeout(20)
  void closingWaitsUntilEverybodyHasBeenToldOfTheEnd() throws Exception {
    Recorder slow = Recorder.byHand("slow");
    join(slow);
    publish("one");
    CountDownLatch isClosed = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              hub.close(LONG);
              isClosed.countDown();
            });
    closing.start();
    while (closing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertTrue(slow.complete());
    assertEquals(1, isClosed.getCount());
    assertTrue(slow.complete());
    isClosed.await();
    assertEquals(List.of("\"one\""), slow.payloads("chat"));
    assertEquals(List.of(EndReason.CLOSED), slow.ends());
    slow.check();
  }

  @Test
  @Timeout(20)
  void closingWaitsForNobodyWhereThereIsNobody() {
    join(Recorder.atOnce("quick"));
    hub.close(LONG);
    hub.close(LONG);
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  @Timeout(20)
  void whoDoesNotTakeWhatThereIsIsEndedWhenTheTimeIsUp() {
    Recorder stuck = Recorder.byHand("stuck");
    join(stuck);
    publish("one");
    hub.close(Duration.ofMillis(20));
    assertEquals(List.of(EndReason.CLOSED), stuck.ends());
    assertEquals(List.of(), stuck.payloads("chat"));
    assertTrue(stuck.complete(), "void");
    stuck.check();
  }

  @Test
  @Timeout(20)
  void anInterruptedThreadDoesNotWait() {
    join(Recorder.byHand("stuck"));
    Thread.currentThread().interrupt();
    hub.close(LONG);
    assertTrue(Thread.interrupted());
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  void whoJoinsInTheVeryMomentIsEndedInGoodOrderToo() {
    Recorder member = Recorder.atOnce("member");
    hub.join(
        Join.of(CHANNEL, "member"),
        member,
        Answer.of(
            membership -> hub.drain(), // By another thread, in real life.
            why -> {}));
    assertEquals(List.of("CLIENT_LIST server [\"member\"]", "CONNECT member null"), member.texts());
    assertEquals(List.of(EndReason.CLOSED), member.ends());
    member.check();
  }
}
