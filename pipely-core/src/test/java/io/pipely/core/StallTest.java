package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch that stays under way: its subscriber is nudged, and ended where nothing moves. */
class StallTest {

  private static final Duration EIGHTH = Options.DEFAULTS.stall().dividedBy(8);

  private final ManualTicker ticker = new ManualTicker();
  private final ManualExecutor executor = new ManualExecutor();
  private final Hub hub = new Hub(Options.DEFAULTS, ticker, executor, () -> {});
  private final Transport transport = new Transport();

  /** Keeps its first batch until it is told to let go of it. */
  private static final class Transport implements Subscriber {

    private final List<EndReason> ends = new ArrayList<>();
    private Done pending;
    private int nudges;
    private boolean isMoving;

    @Override
    public void deliver(Batch batch, Done done) {
      pending = done;
    }

    @Override
    public void nudge() {
      nudges++;
      if (isMoving) {
        pending.moved();
      }
    }

    @Override
    public boolean hasDeadline() {
      return true;
    }

    @Override
    public void ended(EndReason why) {
      ends.add(why);
    }
  }

  private void join() {
    hub.join(Join.of("channel-0000", "ann"), transport, new Outcome<Membership>());
    executor.runAll();
  }

  private void sweep(int times) {
    for (int i = 0; i < times; i++) {
      ticker.advance(EIGHTH);
      hub.sweep();
      executor.runAll();
    }
  }

  @Test
  void whatMovesWithEachNudgeIsNotStalled() {
    join();
    transport.isMoving = true;
    sweep(20);
    assertEquals(20, transport.nudges);
    assertEquals(List.of(), transport.ends);
  }

  @Test
  void whatDoesNotMoveIsNudgedUntilItIsStalled() {
    join();
    sweep(7);
    assertEquals(7, transport.nudges);
    assertEquals(List.of(), transport.ends);
    sweep(2);
    assertEquals(7, transport.nudges);
    assertEquals(List.of(EndReason.STALLED), transport.ends);
  }

  @Test
  void whoHasNothingUnderWayIsNotNudged() {
    join();
    transport.pending.complete(null);
    sweep(1);
    assertEquals(0, transport.nudges);
  }
}
