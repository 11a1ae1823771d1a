package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
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
  void everyEventIsDeliveredOnceAndInOrderByModelChecking() {
    Class<OneMember> type = OneMember.class;
    new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(150)
        .addGuarantee(WithoutAssertions.stateless())
        .sequentialSpecification(Anything.class)
        .addCustomScenario(
            Scenario.of(type, "", List.of("publish 0, publish 0", "complete, complete"), ""))
        .addCustomScenario(
            Scenario.of(type, "publish 0", List.of("publish 0, complete", "publish 1"), ""))
        .addCustomScenario(
            Scenario.of(type, "publish 0", List.of("complete, publish 0", "leave"), ""))
        .check(type);
  }

  @Test
  void everyEventIsDeliveredOnceAndInOrderByStress() {
    new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(1)
        .actorsAfter(0)
        .iterations(10)
        .invocationsPerIteration(1_000)
        .sequentialSpecification(Anything.class)
        .check(OneMember.class);
  }

  /** The operations. */
  public interface Operations {
    void publish(int thread);

    void complete();

    void leave();

    void check();
  }

  /** What is under test. */
  public static class OneMember {

    private static final Supplier<Operations> NEW =
        WithoutAssertions.constructor(Operations.class, HubOperations.class);

    private final Operations hub = NEW.get();

    @Operation
    public void publish(@Param(gen = ThreadIdGen.class) int thread) {
      hub.publish(thread);
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
    public void memberHasWhatTheWitnessHas() {
      hub.check();
    }
  }

  /** A member that completes by hand, beside a witness that completes at once. */
  private static final class HubOperations implements Operations {

    private final Hub hub = new Hub(Options.DEFAULTS, () -> 0, Runnable::run, () -> {});
    private final Held member = new Held(false);
    private final Held witness = new Held(true);
    private final Membership membership;
    private final int[] published = new int[8];

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
    public void publish(int thread) {
      Payload payload = Payload.of(thread * 100 + published[thread]++);
      hub.publish(Publication.of(CHANNEL, "chat", "somebody", payload), new Outcome<Receipt>());
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
      while (member.complete()) {
        // Until there is nothing more to be handed.
      }
      member.check();
      witness.check();
      int sum = 0;
      for (int count : published) {
        sum += count;
      }
      List<String> all = witness.chat();
      List<String> had = member.chat();
      require(all.size() == sum, "the witness has " + all + ", not " + sum);
      require(had.equals(all.subList(0, had.size())), had + " instead of " + all);
      require(member.ends > 0 || had.size() == sum, "the member has only " + had + " of " + all);
    }
  }

  /** The smallest recorder, so that there are few interleavings of its own. */
  private static final class Held implements Subscriber {

    private final boolean isAtOnce;
    private final List<String> chat = new ArrayList<>();
    private Done pending;
    private boolean isUnderWay;
    private int ends;
    private String breach = "";

    Held(boolean isAtOnce) {
      this.isAtOnce = isAtOnce;
    }

    @Override
    public void deliver(Batch batch, Done done) {
      synchronized (this) {
        if (isUnderWay || ends > 0) {
          breach = isUnderWay ? "two deliveries at once" : "a delivery after the end";
        }
        for (int i = 0; i < batch.size(); i++) {
          if (batch.event(i).type().equals("chat")) {
            chat.add(batch.event(i).payload().toString());
          }
        }
        isUnderWay = !isAtOnce;
        pending = isAtOnce ? null : done;
      }
      if (isAtOnce) {
        done.complete(null);
      }
    }

    @Override
    public synchronized void ended(EndReason why) {
      ends++;
    }

    boolean complete() {
      Done done;
      synchronized (this) {
        done = pending;
        pending = null;
        isUnderWay = isUnderWay && done == null;
      }
      if (done != null) {
        done.complete(null);
      }
      return done != null;
    }

    synchronized List<String> chat() {
      return new ArrayList<>(chat);
    }

    synchronized void check() {
      require(breach.isEmpty(), breach);
      require(ends <= 1, "ended " + ends + " times");
    }
  }

  private static void require(boolean isTrue, String otherwise) {
    if (!isTrue) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Says nothing about the answers, of which there are none. */
  public static class Anything {

    @Operation
    public void publish(@Param(gen = ThreadIdGen.class) int thread) {}

    @Operation
    public void complete() {}

    @Operation
    public void leave() {}
  }
}
