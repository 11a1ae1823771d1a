package io.pipely.core;

import io.pipely.Answer;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A member comes by another connection while the old one has a batch under way, is completed late,
 * or is lost: the new stream has what the old one had not, and nothing that becomes of the old one
 * concerns it.
 */
class TakeoverLincheckTest {

  private static final String CHANNEL = "channel-0000";

  @Test
  void theNewStreamGoesOnWhereTheOldOneWas() {
    Class<TwoStreams> type = TwoStreams.class;
    Interleavings.modelled(Anything.class)
        .addCustomScenario(
            Scenario.of(type, "publish", List.of("completeOld, publish", "takeOver"), ""))
        .addCustomScenario(
            Scenario.of(
                type, "publish", List.of("completeOld, completeOld", "takeOver, completeNew"), ""))
        .addCustomScenario(Scenario.of(type, "", List.of("loseOld, publish", "takeOver"), ""))
        .check(type);
  }

  @Test
  void theNewStreamGoesOnWhereTheOldOneWasByChance() {
    Interleavings.byChance(Anything.class).check(TwoStreams.class);
  }

  @Test
  void aTakeoverWithoutTheLockIsCaught() {
    new TakenOverWithoutLock().allInTurn();
    Interleavings.assertCaught(
        TakenOverWithoutLock.class,
        Anything.class,
        Scenario.of(TwoStreams.class, "publish", List.of("completeOld, publish", "takeOver"), ""),
        "ended [REPLACED, REPLACED]");
  }

  @Test
  void aLateCompletionWithoutTheLockIsCaught() {
    new CompletedWithoutLock().allInTurn();
    Interleavings.assertCaught(
        CompletedWithoutLock.class,
        Anything.class,
        Scenario.of(TwoStreams.class, "publish", List.of("completeOld", "takeOver"), ""),
        "ended [REPLACED, REPLACED]");
  }

  @Test
  void anEndThatIsTakenForTheSuccessorsIsCaught() {
    Interleavings.assertCaught(
        EndingTheSuccessor.class,
        Anything.class,
        Scenario.of(TwoStreams.class, "", List.of("loseOld", "takeOver"), ""),
        "the new stream has ended");
  }

  /** The operations. */
  public interface Operations {
    void publish();

    void completeOld();

    void completeNew();

    void loseOld();

    void takeOver();

    void check();
  }

  /** What is under test. */
  public static class TwoStreams {

    private static final Supplier<Operations> NEW =
        Copy.constructor(Operations.class, HubOperations.class, null);

    private final Operations hub;

    public TwoStreams() {
      this(NEW);
    }

    TwoStreams(Supplier<Operations> maker) {
      hub = maker.get();
    }

    @Operation
    public void publish() {
      hub.publish();
    }

    @Operation
    public void completeOld() {
      hub.completeOld();
    }

    @Operation
    public void completeNew() {
      hub.completeNew();
    }

    @Operation
    public void loseOld() {
      hub.loseOld();
    }

    @Operation(nonParallelGroup = "takeOver", runOnce = true)
    public void takeOver() {
      hub.takeOver();
    }

    @Validate
    public void nothingOfTheOldConcernsTheNew() {
      hub.check();
    }

    /** One thread does no harm, whatever lock is missing. */
    void allInTurn() {
      publish();
      completeOld();
      publish();
      takeOver();
      completeOld();
      completeNew();
      loseOld();
      publish();
      nothingOfTheOldConcernsTheNew();
    }
  }

  /** What must not be: a member gets another stream beside what becomes of the old one. */
  public static class TakenOverWithoutLock extends TwoStreams {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class, HubOperations.class, Mutation.withoutLock(Channel.class, "propose"));

    public TakenOverWithoutLock() {
      super(NEW);
    }
  }

  /** What must not be: the old stream takes one more batch while it is being ended. */
  public static class CompletedWithoutLock extends TwoStreams {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class,
            HubOperations.class,
            Mutation.withoutLock(Attachment.class, "completeLater"));

    public CompletedWithoutLock() {
      super(NEW);
    }
  }

  /** What must not be: whose end it is, is not asked. */
  public static class EndingTheSuccessor extends TwoStreams {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class, HubOperations.class, Mutation.withoutIdentity(Channel.class, "end"));

    public EndingTheSuccessor() {
      super(NEW);
    }
  }

  /** Two streams of one client, both completed by hand, beside a witness. */
  private static final class HubOperations implements Operations {

    private final Hub hub = new Hub(Options.DEFAULTS, () -> 0, Runnable::run, () -> {});
    private final Held oldStream = Held.byHand();
    private final Held newStream = Held.byHand();
    private final Held witness = Held.atOnce();
    private final Join join = Join.of(CHANNEL, "member").token("0123456789abcdef");
    private final Membership oldMembership;
    private final Queue<Long> published = new ConcurrentLinkedQueue<>();

    /** What the client had seen before it came again; null where it did not. */
    private volatile String seen;

    HubOperations() {
      hub.join(Join.of(CHANNEL, "witness"), witness, new Outcome<Membership>());
      Outcome<Membership> joined = new Outcome<>();
      hub.join(join, oldStream, joined);
      oldMembership = joined.value();
    }

    @Override
    public void publish() {
      Answer<Receipt> answer =
          Answer.of(receipt -> published.add(Held.number(receipt.eventId())), why -> {});
      hub.publish(Publication.of(CHANNEL, "chat", "somebody", Payload.NULL), answer);
    }

    @Override
    public void completeOld() {
      oldStream.complete();
    }

    @Override
    public void completeNew() {
      newStream.complete();
    }

    @Override
    public void loseOld() {
      oldMembership.lost();
    }

    @Override
    public void takeOver() {
      seen = oldStream.lastId();
      hub.join(join.lastEventId(seen), newStream, new Outcome<Membership>());
    }

    @Override
    public void check() {
      oldStream.completeAll();
      newStream.completeAll();
      witness.check(0, published);
      oldStream.check(0, published);
      if (seen != null) {
        newStream.check(Held.number(seen), published);
        Held.require(newStream.ends().isEmpty(), "the new stream has ended");
        Held.require(oldStream.ends().size() == 1, "the old stream has not ended");
        hub.leave(CHANNEL, "member", "0123456789abcdef", new Outcome<String>());
        boolean isLeft = newStream.ends().equals(List.of(EndReason.LEFT));
        Held.require(isLeft, "the new stream is not the member's");
      }
    }
  }

  /** Says nothing about the answers, of which there are none. */
  public static class Anything {

    @Operation
    public void publish() {}

    @Operation
    public void completeOld() {}

    @Operation
    public void completeNew() {}

    @Operation
    public void loseOld() {}

    @Operation
    public void takeOver() {}
  }
}
