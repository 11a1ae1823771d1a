package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A log that keeps little is appended to, read and made to forget at once. Whatever is lost to a
 * reader, it is told so; whatever passes it by that is for others, is no loss; and what all logs
 * hold together is always counted right.
 */
class LogLincheckTest {

  private static final String CHANNEL = "channel-0000";
  private static final String OTHER_CHANNEL = "channel-0001";

  @Test
  void whatAReaderMissesItIsToldOf() {
    Class<SmallLog> type = SmallLog.class;
    Interleavings.modelled(Anything.class)
        .addCustomScenario(
            Scenario.of(
                type,
                "publish, publish, publish",
                List.of("publish, publish", "complete, complete"),
                ""))
        .addCustomScenario(
            Scenario.of(type, "complete, whisper", List.of("whisper, publish", "sweep"), ""))
        .addCustomScenario(
            Scenario.of(type, "publish, sweep", List.of("sweep", "publish, complete"), ""))
        .addCustomScenario(
            Scenario.of(type, "publish", List.of("publish", "publishElsewhere, complete"), ""))
        .check(type);
  }

  @Test
  void whatAReaderMissesItIsToldOfByChance() {
    Interleavings.byChance(Anything.class).check(SmallLog.class);
  }

  @Test
  void anAppendWithoutTheLockIsCaught() {
    new AppendedWithoutLock().allInTurn();
    Interleavings.assertCaught(
        AppendedWithoutLock.class,
        Anything.class,
        Scenario.of(
            SmallLog.class, "publish, publish, publish", List.of("publish", "complete"), ""),
        "Event.channelId()");
  }

  @Test
  void aReaderWithoutTheLockIsCaught() {
    new ReadWithoutLock().allInTurn();
    Interleavings.assertCaught(
        ReadWithoutLock.class,
        Anything.class,
        Scenario.of(SmallLog.class, "publish", List.of("complete", "publish"), ""),
        "two deliveries at once");
  }

  @Test
  void forgettingWithoutTheLockIsCaught() {
    new ForgottenWithoutLock().allInTurn();
    Interleavings.assertCaught(
        ForgottenWithoutLock.class,
        Anything.class,
        Scenario.of(SmallLog.class, "publish", List.of("complete", "sweep, sweep"), ""),
        "Cannot store to object array");
  }

  /** The operations. */
  public interface Operations {
    void publish();

    void whisper();

    void publishElsewhere();

    void complete();

    void sweep();

    void check();
  }

  /** What is under test. */
  public static class SmallLog {

    private static final Supplier<Operations> NEW =
        Copy.constructor(Operations.class, HubOperations.class, null);

    private final Operations hub;

    public SmallLog() {
      this(NEW);
    }

    SmallLog(Supplier<Operations> maker) {
      hub = maker.get();
    }

    /** To everybody. */
    @Operation
    public void publish() {
      hub.publish();
    }

    /** Past the reader, to another. */
    @Operation
    public void whisper() {
      hub.whisper();
    }

    /** Into another log, which has to share what there is. */
    @Operation
    public void publishElsewhere() {
      hub.publishElsewhere();
    }

    @Operation
    public void complete() {
      hub.complete();
    }

    /** Time passes: the log forgets, and who has heard nothing for long gets a sign of life. */
    @Operation
    public void sweep() {
      hub.sweep();
    }

    @Validate
    public void everyLossIsTold() {
      hub.check();
    }

    /** One thread does no harm, whatever is wrong. */
    void allInTurn() {
      publish();
      whisper();
      publishElsewhere();
      sweep();
      complete();
      publish();
      sweep();
      everyLossIsTold();
    }
  }

  /** What must not be: the log is written, and lets go of what is too much, while it is read. */
  public static class AppendedWithoutLock extends SmallLog {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class, HubOperations.class, Mutation.withoutLock(Channel.class, "propose"));

    public AppendedWithoutLock() {
      super(NEW);
    }
  }

  /** What must not be: the log is read while it is written. */
  public static class ReadWithoutLock extends SmallLog {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class,
            HubOperations.class,
            Mutation.withoutLock(Attachment.class, "completeLater"));

    public ReadWithoutLock() {
      super(NEW);
    }
  }

  /** What must not be: the log forgets while it is read. */
  public static class ForgottenWithoutLock extends SmallLog {

    private static final Supplier<Operations> NEW =
        Copy.constructor(
            Operations.class, HubOperations.class, Mutation.withoutLock(Channel.class, "sweep"));

    public ForgottenWithoutLock() {
      super(NEW);
    }
  }

  /** A reader that completes by hand and another that completes at once, of a log of few events. */
  private static final class HubOperations implements Operations {

    private static final int FEW_EVENTS = 700; // In bytes: some four.

    private final ManualTicker ticker = new ManualTicker();
    private final Hub hub =
        new Hub(
            Options.DEFAULTS
                .withKeep(FEW_EVENTS, Duration.ofSeconds(60))
                .withKeepInAll(2 * FEW_EVENTS - FEW_EVENTS / 2),
            ticker,
            Runnable::run,
            () -> {});
    private final Held reader = Held.byHand();
    private final Held other = Held.atOnce();
    private final List<Membership> memberships = new ArrayList<>();
    private final Queue<Long> published = new ConcurrentLinkedQueue<>();
    private final Queue<Long> whispered = new ConcurrentLinkedQueue<>();

    HubOperations() {
      join(CHANNEL, "reader", reader);
      join(CHANNEL, "other", other);
      join(OTHER_CHANNEL, "far away", Held.atOnce());
    }

    private void join(String channelId, String id, Held subscriber) {
      hub.join(Join.of(channelId, id), subscriber, Answer.of(memberships::add, why -> {}));
    }

    private void publish(Publication publication, Queue<Long> numbers) {
      Answer<Receipt> answer =
          Answer.of(receipt -> numbers.add(Held.number(receipt.eventId())), why -> {});
      hub.publish(publication, answer);
    }

    @Override
    public void publish() {
      publish(Publication.of(CHANNEL, "chat", "somebody", Payload.NULL), published);
    }

    @Override
    public void whisper() {
      publish(
          Publication.of(CHANNEL, "chat", "somebody", Payload.NULL).to(List.of("other")),
          whispered);
    }

    @Override
    public void publishElsewhere() {
      publish(
          Publication.of(OTHER_CHANNEL, "chat", "somebody", Payload.NULL),
          new ConcurrentLinkedQueue<>());
    }

    @Override
    public void complete() {
      reader.complete();
    }

    @Override
    public void sweep() {
      ticker.advance(Duration.ofSeconds(40));
      hub.sweep();
    }

    @Override
    public void check() {
      reader.completeAll();
      reader.check(0, published);
      List<Long> all = new ArrayList<>(published);
      all.addAll(whispered);
      other.check(0, all);
      memberships.forEach(Membership::leave);
      long left = hub.budget().used();
      Held.require(left == 0, left + " bytes are still counted");
    }
  }

  /** Says nothing about the answers, of which there are none. */
  public static class Anything {

    @Operation
    public void publish() {}

    @Operation
    public void whisper() {}

    @Operation
    public void publishElsewhere() {}

    @Operation
    public void complete() {}

    @Operation
    public void sweep() {}
  }
}
