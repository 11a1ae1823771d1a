package io.pipely.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Authorizer;
import io.pipely.Batch;
import io.pipely.Caller;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.PipelyListener;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import io.pipely.Subscriber;
import io.pipely.testing.Logs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes out of an application's code costs one member at most, and no lock or pass. */
@Timeout(60)
class FaultsTest {

  private static final String CHANNEL = "channel-0000";
  private static final String TOKEN = "0123456789abcdef";
  private static final String ALL = "io.pipely.core.Faults#all";

  /** Of whom nothing is known, but that it is not the application. */
  static final Caller SOMEBODY =
      new Caller() {
        @Override
        public String header(String name) {
          return null;
        }

        @Override
        public String address() {
          return null;
        }
      };

  private final ManualTicker ticker = new ManualTicker();
  private final Recorder first = Recorder.atOnce("first");
  private final Recorder last = Recorder.atOnce("last");
  private final List<Logs> logs =
      List.of(Logs.of(Attachment.class), Logs.of(Gate.class), Logs.of(Notices.class));
  private Hub hub = hub(null, List.of());

  @AfterEach
  void close() {
    logs.forEach(Logs::close);
  }

  private Hub hub(Authorizer authorizer, List<PipelyListener> listeners) {
    return new Hub(
        Options.DEFAULTS,
        ticker,
        Runnable::run,
        () -> {},
        new Secrets(null),
        new Gate(authorizer),
        new Notices(listeners),
        null);
  }

  private Membership join(Subscriber subscriber, String clientId) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(Join.of(CHANNEL, clientId).token(TOKEN), subscriber, outcome);
    return outcome.value();
  }

  /** Between two others, so that it is seen whom it holds up. */
  private Membership joinAmongOthers(Subscriber subscriber) {
    join(first, "first");
    Membership membership = join(subscriber, "member");
    join(last, "last");
    return membership;
  }

  private void publish(String payload) {
    hub.publish(CHANNEL, "chat", payload, new Outcome<Receipt>());
  }

  /** The others have what is published, and when all is closed nobody is waited for. */
  private void assertAllGoesOn() {
    publish("after it");
    for (Recorder member : List.of(first, last)) {
      assertTrue(member.payloads("chat").contains("\"after it\""), member + " was held up");
      member.check();
    }
    hub.drain();
    assertEquals(new Stats(0, 0), hub.stats());
    hub.open().awaitNone(Long.MAX_VALUE); // All have been told of their end, or it takes for ever.
  }

  /** A transport, which fails where a subclass has it fail. */
  private static class Transport implements Subscriber {

    final List<EndReason> ends = new ArrayList<>();

    @Override
    public void deliver(Batch batch, Done done) {
      done.complete(null);
    }

    @Override
    public void ended(EndReason why) {
      ends.add(why);
    }

    @Override
    public boolean hasDeadline() {
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofADelivery(Throwable fault) {
    Transport member =
        new Transport() {
          @Override
          public void deliver(Batch batch, Done done) {
            Faults.raise(fault);
          }
        };
    joinAmongOthers(member);
    assertEquals(List.of(EndReason.LOST), member.ends);
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofADeliveryThatIsCompleteAlready(Throwable fault) {
    Transport member =
        new Transport() {
          @Override
          public void deliver(Batch batch, Done done) {
            done.complete(null);
            Faults.raise(fault);
          }
        };
    joinAmongOthers(member);
    assertEquals(List.of(EndReason.LOST), member.ends);
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofTheEnd(Throwable fault) {
    Transport member = failingAtItsEnd(fault);
    joinAmongOthers(member).leave();
    assertEquals(List.of(EndReason.LEFT), member.ends);
    assertAllGoesOn();
  }

  private static Transport failingAtItsEnd(Throwable fault) {
    return new Transport() {
      @Override
      public void ended(EndReason why) {
        super.ended(why);
        Faults.raise(fault);
      }
    };
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofAnEndThatIsItsSuccessorsBeginning(Throwable fault) {
    Transport member = failingAtItsEnd(fault);
    joinAmongOthers(member);
    Recorder successor = Recorder.atOnce("member");
    join(successor, "member");
    assertEquals(List.of(EndReason.REPLACED), member.ends);
    publish("to the successor");
    assertEquals(List.of("\"to the successor\""), successor.payloads("chat"));
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofANudge(Throwable fault) {
    Transport member =
        new Transport() {
          @Override
          public void deliver(Batch batch, Done done) {}

          @Override
          public void nudge() {
            Faults.raise(fault);
          }
        };
    joinAmongOthers(member);
    hub.sweep();
    assertEquals(List.of(EndReason.LOST), member.ends);
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofTheQuestionForADeadline(Throwable fault) {
    Transport member =
        new Transport() {
          @Override
          public void deliver(Batch batch, Done done) {}

          @Override
          public boolean hasDeadline() {
            Faults.raise(fault);
            return true;
          }
        };
    joinAmongOthers(member);
    Recorder stuckToo = Recorder.byHand("stuck too").withDeadline();
    join(stuckToo, "stuck too");
    ticker.advance(Options.DEFAULTS.stall());
    hub.sweep();
    assertEquals(List.of(EndReason.LOST), member.ends);
    assertEquals(List.of(EndReason.STALLED), stuckToo.ends());
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofAnExecutor(Throwable fault) {
    joinAmongOthers(Subscriber.on(task -> Faults.raise(fault), event -> {}));
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofAListener(Throwable fault) {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    PipelyListener listener =
        new PipelyListener() {
          @Override
          public void joined(String channelId, String clientId) {
            told.add(clientId);
            Faults.raise(fault);
          }
        };
    hub = hub(null, List.of(listener));
    joinAmongOthers(Recorder.atOnce("member"));
    await().until(() -> told.size() == 3);
    assertEquals(List.of("first", "member", "last"), told);
    assertAllGoesOn();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofAnAuthorizer(Throwable fault) {
    hub = hub((operation, verdict) -> Faults.raise(fault), List.of());
    joinAmongOthers(Recorder.atOnce("member"));
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(Join.of(CHANNEL, "stranger").caller(SOMEBODY), Recorder.atOnce("stranger"), outcome);
    assertEquals(Refusal.FORBIDDEN, outcome.refusal());
    assertAllGoesOn();
  }
}
