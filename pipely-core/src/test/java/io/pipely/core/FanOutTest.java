package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Stats;
import io.pipely.Subscriber;
import io.pipely.testing.Logs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How what was published reaches the members: when, in what pieces, and by whose hand. */
class FanOutTest {

  private static final String CHANNEL = "channel-0000";
  private static final String OTHER = "channel-0001";

  private final ManualTicker ticker = new ManualTicker();
  private final ManualExecutor executor = new ManualExecutor();
  private final Hub hub = new Hub(Options.DEFAULTS, ticker, executor, () -> {});

  private Membership join(String channelId, Recorder recorder) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(Join.of(channelId, recorder.toString()), recorder, outcome);
    return outcome.value();
  }

  private List<Recorder> crowd(String channelId, int count) {
    List<Recorder> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Recorder recorder = Recorder.atOnce("client-" + i);
      join(channelId, recorder);
      crowd.add(recorder);
    }
    executor.runAll();
    return crowd;
  }

  private void publish(String channelId, String payload) {
    Outcome<Receipt> outcome = new Outcome<>();
    hub.publish(channelId, "chat", payload, outcome);
    assertTrue(outcome.value().recipients() > 0);
  }

  private static long have(List<Recorder> members, String payload) {
    return members.stream().filter(m -> m.payloads("chat").contains(quoted(payload))).count();
  }

  private static String quoted(String payload) {
    return '"' + payload + '"';
  }

  @Test
  void aFewMembersAreServedByThePublisher() {
    List<Recorder> members = crowd(CHANNEL, FanOut.TURN);
    publish(CHANNEL, "one");
    assertEquals(128, have(members, "one"));
    assertEquals(0, executor.size());
  }

  @Test
  void manyMembersAreServedElsewhereInTurnsOf128() {
    List<Recorder> members = crowd(CHANNEL, 300);
    publish(CHANNEL, "one");
    assertEquals(0, have(members, "one"), "the publisher does not do it");
    List<Long> served = new ArrayList<>();
    while (executor.runNext()) {
      served.add(have(members, "one"));
      assertTrue(executor.size() <= 1, "one task for a channel");
    }
    assertEquals(List.of(128L, 256L, 300L), served);
  }

  @Test
  void anotherChannelGetsItsTurnBetweenThoseOfALargeOne() {
    List<Recorder> large = crowd(CHANNEL, 300);
    List<Recorder> other = crowd(OTHER, 129);
    publish(CHANNEL, "one");
    publish(OTHER, "two");
    executor.runNext();
    assertEquals(128, have(large, "one"));
    executor.runNext();
    assertEquals(128, have(large, "one"));
    assertEquals(128, have(other, "two"));
    executor.runNext();
    assertEquals(256, have(large, "one"));
  }

  @Test
  void aSmallChannelDoesNotWaitForALargeOne() {
    crowd(CHANNEL, 300);
    List<Recorder> small = crowd(OTHER, 3);
    publish(CHANNEL, "one");
    publish(OTHER, "two");
    assertEquals(3, have(small, "two"));
  }

  @Test
  void whatIsPublishedDuringAPassLeavesInOneBatchWithTheNext() {
    List<Recorder> members = crowd(CHANNEL, 300);
    publish(CHANNEL, "one");
    executor.runNext();
    publish(CHANNEL, "two");
    publish(CHANNEL, "three");
    executor.runAll();
    int inOneBatch = 0;
    for (Recorder member : members) {
      member.check();
      assertEquals(List.of(quoted("one"), quoted("two"), quoted("three")), member.payloads("chat"));
      inOneBatch += member.batches().get(member.batches().size() - 1).size() == 3 ? 1 : 0;
    }
    assertEquals(172, inOneBatch, "those that the first turn did not reach");
  }

  @Test
  void membersServedTogetherShareOneBatch() {
    List<Recorder> members = crowd(CHANNEL, 300);
    publish(CHANNEL, "one");
    executor.runAll();
    Batch first = last(members.get(0));
    assertEquals(1, first.size());
    members.forEach(member -> assertSame(first, last(member)));
  }

  private static Batch last(Recorder recorder) {
    return recorder.batches().get(recorder.batches().size() - 1);
  }

  @Test
  void leavingDuringAPassMakesItMissNobody() {
    List<Recorder> members = new ArrayList<>();
    List<Membership> memberships = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Recorder recorder = Recorder.atOnce("client-" + i);
      memberships.add(join(CHANNEL, recorder));
      members.add(recorder);
    }
    executor.runAll();
    publish(CHANNEL, "one");
    executor.runNext();
    for (int i = 299; i >= 0; i -= 7) {
      memberships.get(i).leave();
    }
    executor.runAll();
    for (Recorder member : members) {
      boolean isThere = member.ends().isEmpty();
      boolean isServed = member.payloads("chat").contains(quoted("one"));
      assertTrue(isServed || !isThere, () -> member + " was missed");
      member.check();
    }
  }

  @Test
  void aPublishersAnswerComesAheadOfThePass() {
    Recorder member = Recorder.atOnce("member");
    join(CHANNEL, member);
    List<Boolean> seen = new ArrayList<>();
    hub.publish(
        CHANNEL,
        "chat",
        "one",
        Answer.<Receipt>of(r -> seen.add(have(List.of(member), "one") > 0), why -> {}));
    assertEquals(List.of(false), seen);
    assertEquals(1, have(List.of(member), "one"));
  }

  @Test
  void theAnswerToAJoinComesAheadOfTheFirstBatch() {
    Recorder member = Recorder.atOnce("member");
    List<Integer> seen = new ArrayList<>();
    hub.join(
        Join.of(CHANNEL, "member"),
        member,
        Answer.of(membership -> seen.add(member.batches().size()), why -> {}));
    assertEquals(List.of(0), seen);
    assertEquals(List.of("CLIENT_LIST server [\"member\"]", "CONNECT member null"), member.texts());
  }

  @Test
  void anAnswerThatThrowsLosesTheMemberAndNothingElse() {
    Recorder other = Recorder.atOnce("other");
    join(CHANNEL, other);
    Recorder member = Recorder.atOnce("member");
    Answer<Membership> answer =
        Answer.of(
            membership -> {
              throw new IllegalStateException("a test's");
            },
            why -> {});
    assertThrows(
        IllegalStateException.class, () -> hub.join(Join.of(CHANNEL, "member"), member, answer));
    assertEquals(List.of(EndReason.LOST), member.ends());
    assertEquals(
        List.of("CONNECT member null", "DISCONNECT member null"),
        other.texts().subList(2, other.texts().size()));
    assertEquals(new Stats(1, 1), hub.stats());
  }

  @Test
  void aPublishersAnswerThatThrowsHoldsNothingBack() {
    Recorder member = Recorder.atOnce("member");
    join(CHANNEL, member);
    Answer<Receipt> answer =
        Answer.of(
            receipt -> {
              throw new IllegalStateException("a test's");
            },
            why -> {});
    assertThrows(IllegalStateException.class, () -> hub.publish(CHANNEL, "chat", "one", answer));
    publish(CHANNEL, "two");
    assertEquals(List.of(quoted("one"), quoted("two")), member.payloads("chat"));
  }

  @Test
  void aSlowMemberDelaysNobodyAndGetsTheRestInOneBatch() {
    Recorder quick = Recorder.atOnce("quick");
    Recorder slow = Recorder.byHand("slow");
    join(CHANNEL, quick);
    join(CHANNEL, slow);
    for (int n = 0; n < 10; n++) {
      publish(CHANNEL, "event " + n);
      assertEquals(n + 1, quick.payloads("chat").size());
    }
    assertEquals(1, slow.batches().size());
    slow.complete();
    assertEquals(2, slow.batches().size());
    assertEquals(10, last(slow).size());
    assertEquals(quick.payloads("chat"), slow.payloads("chat"));
  }

  @Test
  void publishingFromWithinADeliveryDoesNotEnterItAgain() {
    Recorder other = Recorder.atOnce("other");
    join(CHANNEL, other);
    Recorder echo = Recorder.atOnce("echo");
    echo.onDeliver(
        batch -> {
          int seen = echo.payloads("chat").size();
          if (seen > 0 && seen < 1_000) {
            publish(CHANNEL, "echo " + seen);
          }
        });
    join(CHANNEL, echo);
    publish(CHANNEL, "one");
    executor.runAll();
    echo.check();
    other.check();
    assertEquals(1_000, echo.payloads("chat").size());
    assertEquals(echo.payloads("chat"), other.payloads("chat"));
  }

  @Test
  void publishingAfterDoneWithinTheFirstDeliveryIsDeliveredOnce() {
    Recorder echo = Recorder.atOnce("echo");
    echo.afterDone(
        () -> {
          int seen = echo.events().size();
          if (seen < 1_000) {
            publish(CHANNEL, "echo " + seen);
          }
        });
    join(CHANNEL, echo);
    executor.runAll();
    echo.check();
    assertEquals(998, echo.payloads("chat").size());
  }

  @Test
  void leavingFromWithinADeliveryEndsAfterIt() {
    Recorder member = Recorder.atOnce("member");
    Membership membership = join(CHANNEL, member);
    member.onDeliver(
        batch -> {
          membership.leave();
          assertEquals(List.of(), member.ends());
        });
    publish(CHANNEL, "one");
    member.check();
    assertEquals(List.of(EndReason.LEFT), member.ends());
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  void aSubscriberThatThrowsHurtsItselfAlone() {
    Recorder first = Recorder.atOnce("first");
    Recorder bad = Recorder.atOnce("bad");
    Recorder last = Recorder.atOnce("last");
    join(CHANNEL, first);
    join(CHANNEL, bad);
    join(CHANNEL, last);
    bad.way(Recorder.Way.THROWING);
    try (Logs logs = Logs.of(Attachment.class)) {
      publish(CHANNEL, "one");
      assertEquals(1, logs.lines().size());
    }
    publish(CHANNEL, "two");
    assertEquals(List.of(EndReason.LOST), bad.ends());
    for (Recorder member : List.of(first, last)) {
      member.check();
      assertEquals(
          List.of("chat server \"one\"", "DISCONNECT bad null", "chat server \"two\""),
          member.texts().subList(member.texts().size() - 3, member.texts().size()));
    }
    bad.check();
  }

  @Test
  void aSubscriberWhoseDeliveryFailsIsLost() {
    Recorder bad = Recorder.atOnce("bad");
    join(CHANNEL, bad);
    bad.way(Recorder.Way.FAILING);
    publish(CHANNEL, "one");
    bad.check();
    assertEquals(List.of(EndReason.LOST), bad.ends());
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  void anErrorOfASubscriberHurtsItselfAlone() {
    Recorder good = Recorder.atOnce("good");
    join(CHANNEL, good);
    Recorder bad = Recorder.atOnce("bad");
    bad.onDeliver(
        batch -> {
          throw new StackOverflowError("a test's");
        });
    try (Logs logs = Logs.of(Attachment.class)) {
      join(CHANNEL, bad);
      assertEquals(1, logs.lines().size());
    }
    publish(CHANNEL, "one");
    assertEquals(1, have(List.of(good), "one"));
    assertEquals(List.of(EndReason.LOST), bad.ends());
  }

  @Test
  void aSubscriberThatThrowsAtItsEndHurtsNobody() {
    Recorder good = Recorder.atOnce("good");
    join(CHANNEL, good);
    Subscriber bad =
        new Subscriber() {
          @Override
          public void deliver(Batch batch, Done done) {
            done.complete(null);
          }

          @Override
          public void ended(EndReason why) {
            throw new IllegalStateException("a test's");
          }
        };
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(Join.of(CHANNEL, "bad"), bad, outcome);
    try (Logs logs = Logs.of(Attachment.class)) {
      outcome.value().leave();
      assertEquals(1, logs.lines().size());
    }
    assertTrue(good.texts().contains("DISCONNECT bad null"));
  }

  @Test
  @Timeout(20)
  void theEndDoesNotOvertakeARunningDelivery() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Recorder member = Recorder.byHand("member");
    Membership membership = join(CHANNEL, member);
    member.onDeliver(
        batch -> {
          entered.countDown();
          awaitQuietly(released);
        });
    member.complete();
    Thread publisher = new Thread(() -> publish(CHANNEL, "one"));
    publisher.start();
    assertTrue(entered.await(10, TimeUnit.SECONDS));
    membership.leave();
    assertEquals(List.of(), member.ends());
    assertEquals(new Stats(0, 0), hub.stats());
    released.countDown();
    publisher.join();
    assertEquals(List.of(EndReason.LEFT), member.ends());
    member.check();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsCompletedAfterTheEndIsVoid() {
    Recorder member = Recorder.byHand("member");
    Recorder other = Recorder.atOnce("other");
    join(CHANNEL, other);
    Membership membership = join(CHANNEL, member);
    membership.leave();
    assertEquals(List.of(EndReason.LEFT), member.ends());
    publish(CHANNEL, "one");
    assertTrue(member.complete());
    membership.lost();
    membership.leave();
    member.check();
    assertEquals(List.of(EndReason.LEFT), member.ends());
    assertEquals(1, member.batches().size());
  }

  @Test
  void theLateEndOfAMembershipDoesNotTouchWhoTookItsId() {
    Recorder other = Recorder.atOnce("other");
    join(CHANNEL, other);
    Membership old = join(CHANNEL, Recorder.atOnce("member"));
    old.leave();
    Recorder successor = Recorder.atOnce("member");
    join(CHANNEL, successor);
    old.lost();
    old.leave();
    publish(CHANNEL, "one");
    assertEquals(1, have(List.of(successor), "one"));
    assertEquals(new Stats(1, 2), hub.stats());
  }

  @Test
  void aSignOfLifeComesOnlyAfterSilence() {
    Recorder member = Recorder.atOnce("member");
    join(CHANNEL, member);
    sweepAfter(Duration.ofSeconds(44));
    assertEquals(1, member.batches().size());
    publish(CHANNEL, "one");
    sweepAfter(Duration.ofSeconds(44));
    assertEquals(2, member.batches().size(), "an event counts as a sign of life");
    sweepAfter(Duration.ofSeconds(1));
    assertEquals(3, member.batches().size());
    assertSame(Batch.EMPTY, last(member));
    sweepAfter(Duration.ofSeconds(44));
    assertEquals(3, member.batches().size());
    sweepAfter(Duration.ofSeconds(1));
    assertEquals(4, member.batches().size());
    member.check();
  }

  @Test
  void aBusyMemberGetsNoSignOfLife() {
    Recorder member = Recorder.byHand("member");
    join(CHANNEL, member);
    sweepAfter(Duration.ofMinutes(5));
    assertEquals(1, member.batches().size());
    member.complete();
    sweepAfter(Duration.ZERO);
    assertSame(Batch.EMPTY, last(member));
    publish(CHANNEL, "one");
    assertFalse(member.payloads("chat").contains(quoted("one")), "the sign is still under way");
    member.complete();
    assertEquals(1, have(List.of(member), "one"));
    member.check();
  }

  @Test
  void signsOfLifeForManyAreCutIntoTurnsToo() {
    List<Recorder> members = crowd(CHANNEL, 300);
    ticker.advance(Duration.ofSeconds(45));
    hub.sweep();
    assertEquals(3, executor.size());
    executor.runAll();
    members.forEach(member -> assertSame(Batch.EMPTY, last(member)));
  }

  private void sweepAfter(Duration time) {
    ticker.advance(time);
    hub.sweep();
    executor.runAll();
  }

  @Test
  void aMemberLeftBehindByTheLogIsToldAndGoesOnFromTheNewest() {
    Recorder member = Recorder.byHand("member");
    join(CHANNEL, member);
    publish(CHANNEL, "missed");
    ticker.advance(Duration.ofSeconds(61));
    hub.sweep();
    member.complete();
    List<String> texts = member.texts();
    assertEquals(
        List.of("CLIENT_LIST server [\"member\"]", "GAP server {\"reason\":\"evicted\"}"),
        texts.subList(texts.size() - 2, texts.size()));
    publish(CHANNEL, "next");
    member.complete();
    assertEquals(List.of(quoted("next")), member.payloads("chat"));
    member.check();
  }

  @Test
  void closingTellsEverybodyAndNobodyOfTheOthers() {
    Recorder first = Recorder.atOnce("first");
    Recorder second = Recorder.byHand("second");
    join(CHANNEL, first);
    join(CHANNEL, second);
    hub.close();
    hub.close();
    for (Recorder member : List.of(first, second)) {
      member.check();
      assertEquals(List.of(EndReason.CLOSED), member.ends());
      assertTrue(member.texts().stream().noneMatch(text -> text.startsWith("DISCONNECT")));
    }
    assertEquals(new Stats(0, 0), hub.stats());
  }

  @Test
  void theEndDoesNotOvertakeTheAnswerToTheJoin() {
    Recorder member = Recorder.atOnce("member");
    List<List<EndReason>> endsAtTheAnswer = new ArrayList<>();
    hub.join(
        Join.of(CHANNEL, "member"),
        member,
        Answer.of(
            membership -> {
              hub.close(); // By another thread, in real life.
              endsAtTheAnswer.add(member.ends());
            },
            why -> {}));
    assertEquals(List.of(List.of()), endsAtTheAnswer);
    assertEquals(List.of(EndReason.CLOSED), member.ends());
  }

  /** A member with a token, so that events may be directed to it and others pass them over. */
  private static void direct(Hub hub, String to, int count, int length) {
    List<Publication> events =
        Collections.nCopies(
            count, Publication.ofServer(CHANNEL, "psst", "x".repeat(length)).to(List.of(to)));
    Outcome<List<Receipt>> outcome = new Outcome<>();
    hub.publish(events, outcome);
    assertEquals(count, outcome.value().size());
  }

  private static Recorder joined(Hub hub, String clientId) {
    Recorder recorder = Recorder.atOnce(clientId);
    hub.join(Join.of(CHANNEL, clientId), recorder, new Outcome<Membership>());
    return recorder;
  }

  @Test
  void whatWasForOthersAloneLeavesNobodyBehindHoweverLittleIsKept() {
    Hub tight = new Hub(Options.DEFAULTS.withKeepInAll(1), ticker, executor, () -> {});
    Recorder alice = joined(tight, "alice");
    Recorder bobby = joined(tight, "bobby");
    for (int i = 0; i < 3; i++) {
      direct(tight, "alice", 1, 10);
    }
    tight.publish(CHANNEL, "chat", "for all", new Outcome<Receipt>());
    assertEquals(3, alice.payloads("psst").size());
    assertEquals(List.of("\"for all\""), bobby.payloads("chat"));
    assertEquals(List.of(), bobby.payloads("GAP"));
    assertEquals(List.of(), alice.payloads("GAP"));
  }

  @Test
  void anArrayThatIsMoreThanIsKeptLeavesBehindThoseAloneWhomItIsFor() {
    Options options = Options.DEFAULTS.withKeep(4096, Duration.ofSeconds(60));
    Hub tight = new Hub(options, ticker, executor, () -> {});
    Recorder alice = joined(tight, "alice");
    Recorder bobby = joined(tight, "bobby");
    direct(tight, "alice", 64, 100);
    tight.publish(CHANNEL, "chat", "for all", new Outcome<Receipt>());
    assertEquals(List.of(), bobby.payloads("GAP"));
    assertEquals(1, alice.payloads("GAP").size());
  }

  @Test
  void whoIsBusyWhileDirectedEventsForItAreLostIsTold() {
    Hub tight = new Hub(Options.DEFAULTS.withKeepInAll(1), ticker, executor, () -> {});
    joined(tight, "alice");
    Recorder bobby = Recorder.byHand("bobby");
    tight.join(Join.of(CHANNEL, "bobby"), bobby, new Outcome<Membership>());
    for (int i = 0; i < 3; i++) {
      direct(tight, "bobby", 1, 10);
    }
    direct(tight, "alice", 3, 10);
    assertTrue(bobby.complete());
    assertEquals(1, bobby.payloads("GAP").size());
    assertEquals(List.of(), bobby.payloads("psst"));
  }

  /**
   * A subscriber that does not return; the others of its turn wait for it, not for their clients.
   */
  @Test
  void whoWaitsForItsTurnIsNotTakenForStuck() {
    Recorder other = Recorder.byHand("other").withDeadline();
    Recorder slow = Recorder.atOnce("slow");
    join(CHANNEL, other);
    join(CHANNEL, slow);
    while (other.complete()) {
      // Until it has everything.
    }
    List<Integer> waiting = new ArrayList<>();
    slow.onDeliver(
        batch -> {
          waiting.add(other.batches().size());
          ticker.advance(Duration.ofSeconds(30));
          hub.sweep();
          executor.runAll();
        });
    int before = other.batches().size();
    publish(CHANNEL, "one");
    assertEquals(List.of(before), waiting, "it has the turn ahead of the other");
    assertEquals(List.of(), other.ends());
    ticker.advance(Duration.ofSeconds(30));
    slow.onDeliver(batch -> {});
    hub.sweep();
    executor.runAll();
    assertEquals(List.of(EndReason.STALLED), other.ends(), "it has been handed something since");
  }

  @Test
  void whoMovesInTimeIsNotStuck() {
    Recorder member = Recorder.byHand("member").withDeadline();
    join(CHANNEL, member);
    for (int i = 0; i < 5; i++) {
      ticker.advance(Duration.ofSeconds(19));
      member.move();
      hub.sweep();
      executor.runAll();
    }
    assertEquals(List.of(), member.ends());
    ticker.advance(Duration.ofSeconds(20));
    hub.sweep();
    executor.runAll();
    assertEquals(List.of(EndReason.STALLED), member.ends());
  }

  @Test
  void anApplicationMayTakeItsTime() {
    Recorder member = Recorder.byHand("member");
    join(CHANNEL, member);
    ticker.advance(Duration.ofHours(1));
    hub.sweep();
    executor.runAll();
    assertEquals(List.of(), member.ends());
  }
}
