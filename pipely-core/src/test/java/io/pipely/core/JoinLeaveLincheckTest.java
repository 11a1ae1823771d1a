package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * Joins against the last leave, in all small interleavings: whatever they do, some order of the
 * operations one after the other has the same answers.
 */
class JoinLeaveLincheckTest {

  private static final String CHANNEL = "channel-0000";

  /** Of few threads and operations, since the interleavings are many. */
  private static ModelCheckingOptions modelChecking(Class<?> type) {
    return new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(150)
        .addGuarantee(stateless())
        .sequentialSpecification(Plain.class)
        .addCustomScenario(
            Scenario.of(type, "join 0", List.of("leave 0", "join 1, publish"), "look"))
        .addCustomScenario(
            Scenario.of(type, "join 0", List.of("leave 0, join 0", "join 1, leave 1"), "look"))
        .addCustomScenario(
            Scenario.of(type, "", List.of("join 0, leave 0", "join 1, look"), "publish"));
  }

  /** What shares no state between threads, but takes long to trace. */
  private static ManagedStrategyGuarantee stateless() {
    return ManagedStrategyGuaranteeKt.forClasses(
            "io.pipely.core.Names",
            "io.pipely.core.BuiltIn",
            "io.pipely.core.Secrets",
            "io.pipely.Payload",
            "java.security.SecureRandom",
            "com.fasterxml.jackson.core.io.JsonStringEncoder")
        .allMethods()
        .ignore();
  }

  private static StressOptions stress() {
    return new StressOptions()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .iterations(8)
        .invocationsPerIteration(500);
  }

  @Test
  void theHubByStress() {
    stress().sequentialSpecification(Plain.class).check(OnHub.class);
  }

  @Test
  void modelCheckingFindsTheOrphanOfAHubWithoutALock() {
    assertThrows(
        LincheckAssertionError.class,
        () ->
            modelChecking(CheckThenAct.class)
                .minimizeFailedScenario(false)
                .check(CheckThenAct.class));
  }

  /** The operations, each thread being one client of one channel. */
  public interface Operations {
    String join(int client);

    void leave(int client);

    String publish();

    String look();
  }

  /** What is under test. */
  public static class OnHub {

    private static final Supplier<Operations> NEW =
        Copy.constructor(Operations.class, HubOperations.class, null);

    private final Operations hub = NEW.get();

    @Operation
    public String join(@Param(gen = ThreadIdGen.class) int client) {
      return hub.join(client);
    }

    @Operation
    public void leave(@Param(gen = ThreadIdGen.class) int client) {
      hub.leave(client);
    }

    @Operation
    public String publish() {
      return hub.publish();
    }

    @Operation
    public String look() {
      return hub.look();
    }
  }

  private static final class HubOperations implements Operations {

    private final Hub hub = new Hub(Options.DEFAULTS, () -> 0, Runnable::run, () -> {});
    private final Membership[] memberships = new Membership[8];

    @Override
    public String join(int client) {
      String[] outcome = new String[1];
      hub.join(
          Join.of(CHANNEL, "client-" + client),
          (batch, done) -> done.complete(null),
          Answer.of(
              membership -> {
                memberships[client] = membership;
                outcome[0] = "joined";
              },
              why -> outcome[0] = why.word()));
      return outcome[0];
    }

    @Override
    public void leave(int client) {
      Membership membership = memberships[client];
      if (membership != null) {
        membership.leave();
      }
    }

    @Override
    public String publish() {
      String[] outcome = new String[1];
      hub.publish(
          Publication.of(CHANNEL, "chat", "somebody", Payload.NULL),
          Answer.<Receipt>of(
              receipt -> outcome[0] = "for " + receipt.recipients(),
              why -> outcome[0] = why.word()));
      return outcome[0];
    }

    @Override
    public String look() {
      String[] outcome = new String[1];
      hub.look(
          CHANNEL,
          Answer.<ChannelInfo>of(
              info -> outcome[0] = info.clients().toString(), why -> outcome[0] = why.word()));
      return outcome[0];
    }
  }

  /** The same by one list. */
  public static class Plain {

    private final List<String> members = new ArrayList<>();

    @Operation
    public String join(@Param(gen = ThreadIdGen.class) int client) {
      String id = "client-" + client;
      if (members.contains(id)) {
        return Refusal.CLIENT_ID_TAKEN.word();
      }
      members.add(id);
      return "joined";
    }

    @Operation
    public void leave(@Param(gen = ThreadIdGen.class) int client) {
      members.remove("client-" + client);
    }

    @Operation
    public String publish() {
      return members.isEmpty() ? Refusal.NO_SUCH_CHANNEL.word() : "for " + members.size();
    }

    @Operation
    public String look() {
      return members.isEmpty() ? Refusal.NO_SUCH_CHANNEL.word() : members.toString();
    }
  }

  /** What must not be: thread-safe collections, and between looking and acting no lock. */
  public static class CheckThenAct {

    private final ConcurrentMap<String, List<String>> channels = new ConcurrentHashMap<>();

    @Operation
    public String join(@Param(gen = ThreadIdGen.class) int client) {
      List<String> members = channels.get(CHANNEL);
      if (members == null) {
        channels.putIfAbsent(CHANNEL, new CopyOnWriteArrayList<>());
        members = channels.get(CHANNEL);
      }
      if (members == null || members.contains("client-" + client)) {
        return Refusal.CLIENT_ID_TAKEN.word();
      }
      members.add("client-" + client);
      return "joined";
    }

    @Operation
    public void leave(@Param(gen = ThreadIdGen.class) int client) {
      List<String> members = channels.get(CHANNEL);
      if (members != null) {
        members.remove("client-" + client);
        if (members.isEmpty()) {
          channels.remove(CHANNEL);
        }
      }
    }

    @Operation
    public String publish() {
      List<String> members = channels.get(CHANNEL);
      int size = members == null ? 0 : members.size();
      return size == 0 ? Refusal.NO_SUCH_CHANNEL.word() : "for " + size;
    }

    @Operation
    public String look() {
      List<String> members = channels.get(CHANNEL);
      String text = members == null ? "[]" : members.toString();
      return text.equals("[]") ? Refusal.NO_SUCH_CHANNEL.word() : text;
    }
  }
}
