package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.ChannelInfo;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import io.pipely.testing.Logs;
import io.pipely.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hub against {@link Model}, by random operations; from within deliveries too. */
class HubModelTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Options OPTIONS = Options.DEFAULTS.withHeartbeat(Duration.ofSeconds(45));

  private Logs logs;

  @BeforeEach
  void catchLogs() {
    logs = Logs.of(Member.class); // Subscribers fail by the thousand.
  }

  @AfterEach
  void releaseLogs() {
    logs.close();
  }

  @Test
  void fewMembersOfManyShortLives() {
    Seeds.each(60, random -> new Session(random, OPTIONS.withMaxChannels(2), 3, 5, 20).run(1_500));
  }

  @Test
  void slowMembersAreLeftBehindByASmallLog() {
    Options options = OPTIONS.withKeep(2_000, Duration.ofSeconds(60)).withMaxMembers(6);
    Seeds.each(60, random -> new Session(random, options, 2, 8, 60).run(1_500));
  }

  @Test
  void largePayloadsAreCutIntoBatches() {
    Options options = OPTIONS.withKeep(400_000, HOUR);
    Seeds.each(12, random -> new Session(random, options, 2, 6, 30_000).run(800));
  }

  @Test
  void passesOverManyMembersWaitOnTheExecutor() {
    Options options = OPTIONS.withKeep(30_000, Duration.ofSeconds(60)).withMaxMembers(350);
    Seeds.each(8, random -> new Session(random, options, 2, 500, 60).crowd(300).run(2_000));
  }

  @Test
  void theOperationsReachWhatTheyAreToReach() {
    Map<String, Integer> reached = new HashMap<>();
    Options options = OPTIONS.withKeep(2_000, Duration.ofSeconds(60)).withMaxMembers(6);
    for (long seed = 1; seed <= 20; seed++) {
      Session session = new Session(new Random(seed), options.withMaxChannels(2), 3, 8, 60);
      session.run(1_500);
      session.reached.forEach((what, count) -> reached.merge(what, count, Integer::sum));
    }
    for (Refusal refusal :
        List.of(
            Refusal.CHANNEL_ID_LENGTH,
            Refusal.CLIENT_ID_TOO_SHORT,
            Refusal.CLIENT_ID_RESERVED,
            Refusal.CLIENT_ID_TAKEN,
            Refusal.WRONG_PASSWORD,
            Refusal.INVALID_PASSWORD,
            Refusal.TYPE_MISSING,
            Refusal.TYPE_RESERVED,
            Refusal.ORIGIN_ID_TOO_SHORT,
            Refusal.NO_SUCH_CHANNEL,
            Refusal.CHANNEL_FULL,
            Refusal.TOO_MANY_CHANNELS,
            Refusal.SHUTTING_DOWN)) {
      assertTrue(reached.containsKey(refusal.name()), () -> refusal + " is missing in " + reached);
    }
    for (String what :
        List.of("GAP", "heartbeat", "LEFT", "LOST", "CLOSED", "many", "second life")) {
      assertTrue(reached.getOrDefault(what, 0) > 20, () -> what + " is rare in " + reached);
    }
  }

  /** One hub and its model, from the first join to after the close. */
  private static final class Session {

    private static final String[] PASSWORDS = {null, null, null, "", "first", "second", " outer"};

    private static final List<Recorder.Way> WAYS =
        List.of(
            Recorder.Way.AT_ONCE,
            Recorder.Way.BY_HAND,
            Recorder.Way.FAILING,
            Recorder.Way.THROWING);

    private final Random random;
    private final int channelIds;
    private final int clientIds;
    private final int maxPayload;
    private final ManualTicker ticker = new ManualTicker();
    private final ManualExecutor executor = new ManualExecutor();
    private final Model model;
    private final Hub hub;
    private final Map<String, Integer> reached = new HashMap<>();
    private final HashSet<String> lived = new HashSet<>();
    private int published;
    private int depth;

    Session(Random random, Options options, int channelIds, int clientIds, int maxPayload) {
      this.random = random;
      this.channelIds = channelIds;
      this.clientIds = clientIds;
      this.maxPayload = maxPayload;
      this.model = new Model(options, ticker);
      this.hub = new Hub(options, ticker, executor, () -> {});
    }

    /** Many members in one channel to begin with. */
    Session crowd(int members) {
      for (int i = 0; i < members; i++) {
        join("channel-0000", "crowd-" + i, null, Recorder.Way.AT_ONCE);
      }
      return this;
    }

    void run(int operations) {
      int closing = operations - 20;
      for (int i = 0; i < operations; i++) {
        if (i == closing) {
          model.everyone.stream().filter(m -> m.end == null).forEach(m -> note("CLOSED"));
          model.close();
          hub.close();
        } else {
          operate();
        }
        assertNoFaults();
        if (i % 50 == 0 || i == closing) {
          beQuiet();
        }
      }
      beQuiet();
      assertEquals(new Stats(0, 0), hub.stats());
    }

    private void assertNoFaults() {
      assertEquals(List.of(), model.faults);
    }

    private void operate() {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> joinAny();
        case 4 -> anyMember(EndReason.LEFT);
        case 5 -> anyMember(EndReason.LOST);
        case 6, 7, 8 -> publishAny();
        case 9 -> publishAsServer();
        case 10, 11 -> completeAny();
        case 12 -> executor.runAny(random);
        case 13 -> changeAnyWay();
        case 14 -> letTimePass();
        default -> look();
      }
    }

    private void joinAny() {
      Recorder.Way way = random.nextInt(3) == 0 ? Recorder.Way.BY_HAND : Recorder.Way.AT_ONCE;
      join(anyChannelId(), anyClientId(), anyPassword(), way);
    }

    private void join(String channelId, String clientId, String password, Recorder.Way way) {
      Refusal expected = model.join(channelId, clientId, password);
      Recorder recorder = Recorder.of(clientId, way);
      Outcome<Membership> outcome = new Outcome<>();
      Join join = Join.of(channelId, clientId).password(password);
      if (expected != null) {
        note(expected.name());
        hub.join(join, recorder, outcome);
        assertEquals(expected, outcome.refusal());
        return;
      }
      note(!lived.add(channelId) && !model.lives.containsKey(channelId) ? "second life" : "join");
      Model.Member member = model.add(channelId, clientId, password, recorder);
      recorder.onDeliver(batch -> delivered(member, batch)).afterDone(() -> within(member));
      hub.join(
          join,
          recorder,
          Answer.of(
              membership -> {
                member.membership = membership;
                outcome.ok(membership);
              },
              outcome::refused));
      assertEquals(clientId, outcome.value().clientId());
      assertEquals(channelId, outcome.value().channelId());
    }

    private void delivered(Model.Member member, Batch batch) {
      if (member.membership == null) {
        model.faults.add(member + ": a batch ahead of the answer");
      }
      note(batch.size() == 0 ? "heartbeat" : batch.size() > 3 ? "many" : "batch");
      if (batch.size() == 2 && batch.event(1).type().equals("GAP")) {
        note("GAP");
      }
      member.judge(batch);
      Recorder.Way way = member.recorder.way();
      if (way == Recorder.Way.FAILING || way == Recorder.Way.THROWING) {
        note("LOST");
        model.end(member, EndReason.LOST);
      } else {
        within(member);
      }
    }

    /** What a subscriber may do in the middle of a delivery. */
    private void within(Model.Member member) {
      if (depth >= 3 || random.nextInt(12) > 0) {
        return;
      }
      depth++;
      try {
        switch (random.nextInt(4)) {
          case 0 -> end(member, EndReason.LEFT);
          case 1 -> publish(member.life.id, "within", member.clientId, member.life.password);
          case 2 -> completeAny();
          default -> operate();
        }
      } catch (RuntimeException | AssertionError e) {
        model.faults.add(member + ": " + e); // Thrown, it would count as the subscriber's.
      } finally {
        depth--;
      }
    }

    private void anyMember(EndReason why) {
      if (!model.everyone.isEmpty()) {
        end(model.everyone.get(random.nextInt(model.everyone.size())), why);
      }
    }

    private void end(Model.Member member, EndReason why) {
      if (member.membership == null) {
        return; // In the middle of its own join.
      }
      note(member.end == null ? why.name() : "ended before");
      model.end(member, why);
      if (why == EndReason.LEFT) {
        member.membership.leave();
      } else {
        member.membership.lost();
      }
    }

    private void publishAny() {
      String type = random.nextInt(20) == 0 ? pick("", "GAP", "CONNECT", "REPLACED") : "chat";
      String origin = random.nextInt(20) == 0 ? "ab" : anyClientId();
      publish(anyChannelId(), type, origin, anyPassword());
    }

    private void publish(String channelId, String type, String origin, String password) {
      Payload payload = anyPayload();
      Object expected = model.publish(channelId, type, origin, password, payload.toString(), false);
      Outcome<Receipt> outcome = new Outcome<>();
      hub.publish(Publication.of(channelId, type, origin, payload).password(password), outcome);
      check(expected, outcome);
    }

    private void publishAsServer() {
      String channelId = anyChannelId();
      Payload payload = anyPayload();
      Object expected =
          model.publish(channelId, "notice", "server", null, payload.toString(), true);
      Outcome<Receipt> outcome = new Outcome<>();
      hub.publish(channelId, "notice", payload.as(Object.class), outcome);
      check(expected, outcome);
    }

    private void check(Object expected, Outcome<Receipt> outcome) {
      note(expected instanceof Refusal refusal ? refusal.name() : "published");
      Object actual = outcome.refusal() != null ? outcome.refusal() : outcome.value().recipients();
      assertEquals(expected, actual);
    }

    private void completeAny() {
      List<Model.Member> pending =
          model.everyone.stream()
              .filter(member -> member.recorder.isPending() && !member.recorder.isInCall())
              .toList();
      if (!pending.isEmpty()) {
        complete(pending.get(random.nextInt(pending.size())));
      }
    }

    private void complete(Model.Member member) {
      if (depth == 0) { // Else the turn under way may hold it: then it waits for the next pass.
        member.expectNext();
      }
      boolean isExpected = member.expected >= 0;
      int before = member.recorder.batches().size();
      member.recorder.complete();
      if (isExpected && member.recorder.batches().size() == before) {
        model.faults.add(member + ": completed, but not handed what follows");
      }
    }

    private void changeAnyWay() {
      if (!model.everyone.isEmpty()) {
        Model.Member member = model.everyone.get(random.nextInt(model.everyone.size()));
        member.recorder.way(WAYS.get(random.nextInt(WAYS.size())));
      }
    }

    private void letTimePass() {
      if (depth > 0) {
        return; // What is taken must be delivered in the same moment, for the model to follow.
      }
      executor.runAll();
      ticker.advance(Duration.ofSeconds(random.nextInt(60)));
      model.forget();
      hub.sweep();
      List<Model.Member> silent = new ArrayList<>(model.everyone);
      silent.removeIf(member -> member.end != null || member.recorder.isPending());
      executor.runAll();
      for (Model.Member member : silent) {
        long silence = ticker.getAsLong() - member.lastDelivery;
        if (member.end == null && silence >= model.options.heartbeat().toNanos()) {
          model.faults.add(member + ": no heartbeat");
        }
      }
    }

    private void look() {
      String channelId = anyChannelId();
      Outcome<ChannelInfo> outcome = new Outcome<>();
      hub.look(channelId, outcome);
      Model.Life life = model.lives.get(channelId);
      if (life == null) {
        assertEquals(Refusal.NO_SUCH_CHANNEL, outcome.refusal());
      } else {
        assertEquals(info(life), outcome.value());
      }
    }

    private void beQuiet() {
      executor.runAll();
      model.judgeQuiet();
      assertNoFaults();
      assertEquals(new Stats(model.lives.size(), model.clients()), hub.stats());
      Outcome<List<ChannelInfo>> outcome = new Outcome<>();
      hub.look(outcome);
      assertEquals(
          new HashSet<>(model.lives.values().stream().map(Session::info).toList()),
          new HashSet<>(outcome.value()));
    }

    private static ChannelInfo info(Model.Life life) {
      return new ChannelInfo(life.id, life.password != null, life.ids());
    }

    private void note(String what) {
      reached.merge(what, 1, Integer::sum);
    }

    private String anyChannelId() {
      return random.nextInt(40) == 0
          ? pick("", "eleven-char", "thirteen-char")
          : "channel-000" + random.nextInt(channelIds);
    }

    private String anyClientId() {
      return switch (random.nextInt(60)) {
        case 0 -> pick("", "ab", "server", "SERVER");
        case 1, 2, 3 -> "CLIENT-" + random.nextInt(clientIds);
        default -> "client-" + random.nextInt(clientIds);
      };
    }

    private String anyPassword() {
      return PASSWORDS[random.nextInt(PASSWORDS.length)];
    }

    private Payload anyPayload() {
      return Payload.of(published++ + "-" + "x".repeat(random.nextInt(maxPayload)));
    }

    private String pick(String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
