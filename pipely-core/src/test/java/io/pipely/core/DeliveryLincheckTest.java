package io.pipely.core;

import io.pipely.Answer;
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
 * Deliveries to one member in all small interleavings of publishing, completing and leaving. How
 * events are cut into batches depends on the interleaving, so it is not the answers that are
 * judged, but what the member has at the end.
 */
class DeliveryLincheckTest {

  private static final String CHANNEL = "channel-0000";

  @Test
  void everyEventIsDeliveredOnceAndInOrder() {
    Class<OneMember> type = OneMember.class;
    Interleavings.modelled(Anything.class)
        .addCustomScenario(
            Scenario.of(type, "", List.of("publish, publish", "complete, complete"), ""))
        .addCustomScenario(
            Scenario.of(type, "publish", List.of("publish, complete", "publish"), ""))
        .addCustomScenario(Scenario.of(type, "publish", List.of("complete, publish", "leave"), ""))
        .check(type);
  }

  @Test
  void everyEventIsDeliveredOnceAndInOrderByChance() {
    Interleavings.byChance(Anything.class).check(OneMember.class);
  }

  @Test
  void aCompletionWithoutTheLockIsCaught() {
    new CompletedWithoutLock().publishCompleteAndLeaveInTurn();
    Interleavings.assertCaught(
        CompletedWithoutLock.class,
        Anything.class,
        Scenario.of(OneMember.class, "publish", List.of("complete", "publish"), ""),
        "two deliveries at once");
  }

  @Test
  void aPassWithoutTheLockIsCaught() {
    new PassingWithoutLock().publishCompleteAndLeaveInTurn();
    Interleavings.assertCaught(
        PassingWithoutLock.class,
        Anything.class,
        Scenario.of(OneMember.class, "complete", List.of("publish", "publish"), ""),
        "it has");
  }

  /** The operations. */
  public interface Operations {
    void publish();

    void complete();

    void leave();

    void check();
  }

  /** What is under test. */
  public static class OneMember {

    private static final Supplier<Operations> NEW =
        Copy.constructor(Operations.class, HubOperations.class, null);

    private final Operations hub;

    public OneMember() {
      this(NEW);
    }

    OneMember(Supplier<Operations> maker) {
      hub = maker.get();
    }

    @Operation
    public void publish() {
      hub.publish();
    }

    @Operation
    public void complete() {
      hub.complete();
    }

    @Operation(nonParallelGroup = "leave", runOnce = true)
    public void leave() {
      hub.leave();
    }

    @Validate
    public void memberHasWhatWasPublished() {
      hub.check();
    }

    /** One thread does no harm, whatever is wrong. */
    void publishCompleteAndLeaveInTurn() {
      publish();
      complete();
      publish();
      leave();
      memberHasWhatWasPublished();
    }
  }

  /** What must not be: the subscriber's thread takes the next batch beside a pass. */
  public static class CompletedWithoutLock extends OneMember {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class,
            HubOperations.class,
            Mutation.withoutLock(Attachment.class, "completeLater"));

    public CompletedWithoutLock() {
      super(NEW);
    }
  }

  /** What must not be: a pass takes batches while others append, and claim the next one. */
  public static class PassingWithoutLock extends OneMember {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class, HubOperations.class, Mutation.withoutLock(FanOut.class, "run"));

    public PassingWithoutLock() {
      super(NEW);
    }
  }

  /** A member that completes by hand, beside a witness that completes at once. */
  private static final class HubOperations implements Operations {

    private final Hub hub = new Hub(Options.DEFAULTS, () -> 0, Runnable::run, () -> {});
    private final Held member = Held.byHand();
    private final Held witness = Held.atOnce();
    private final Membership membership;
    private final Queue<Long> published = new ConcurrentLinkedQueue<>();

    HubOperations() {
      membership = join("member", member);
      join("witness", witness);
    }

    private Membership join(String id, Held subscriber) {
      Membership[] joined = new Membership[1];
      hub.join(Join.of(CHANNEL, id), subscriber, Answer.of(m -> joined[0] = m, why -> {}));
      return joined[0];
    }

    @Override
    public void publish() {
      Answer<Receipt> answer =
          Answer.of(receipt -> published.add(Held.number(receipt.eventId())), why -> {});
      hub.publish(Publication.of(CHANNEL, "chat", "somebody", Payload.NULL), answer);
    }

    @Override
    public void complete() {
      member.complete();
    }

    @Override
    public void leave() {
      membership.leave();
    }

    @Override
    public void check() {
      member.completeAll();
      member.check(0, published);
      witness.check(0, published);
    }
  }

  /** Says nothing about the answers, of which there are none. */
  public static class Anything {

    @Operation
    public void publish() {}

    @Operation
    public void complete() {}

    @Operation
    public void leave() {}
  }
}
