package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Caller;
import io.pipely.ChannelInfo;
import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One hub and its model, from the first join to after the close. */
final class ModelSession {

  private static final List<Recorder.Way> WAYS =
      List.of(
          Recorder.Way.AT_ONCE, Recorder.Way.BY_HAND, Recorder.Way.FAILING, Recorder.Way.THROWING);

  private static final int MAX_DEPTH = 3;

  private final Random random;
  private final ManualTicker ticker = new ManualTicker();
  private final ManualExecutor executor = new ManualExecutor();
  private final Set<String> lived = new HashSet<>();
  final Model model;
  private final ModelChoices choices;
  private final Hub hub;
  private int depth;

  ModelSession(Random random, Options options, int channelIds, int clientIds, int maxPayload) {
    this.random = random;
    this.model = new Model(options, ticker);
    this.choices = new ModelChoices(random, model, channelIds, clientIds, maxPayload);
    this.hub = new Hub(options, ticker, executor, () -> {});
  }

  /** Many members in one channel to begin with. */
  ModelSession crowd(int members) {
    for (int i = 0; i < members; i++) {
      Join join = Join.of("channel-0000", "crowd-" + i).presence(i % 7 > 0);
      join(join, Recorder.Way.AT_ONCE);
    }
    return this;
  }

  void run(int operations) {
    int closing = operations - 20;
    for (int i = 0; i < operations; i++) {
      if (i == closing) {
        if (choices.oneIn(2)) {
          drain();
        }
        model.everyone.stream().filter(s -> s.end == null).forEach(s -> model.note("CLOSED"));
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

  /** Everybody who takes what there is has it all by the end, however slowly. */
  private void drain() {
    depth = MAX_DEPTH; // Nothing else is to happen.
    model.lives.values().forEach(ModelSession::calm);
    model.isDraining = true;
    hub.drain();
    while (executor.runAny(random) || completeAny()) {
      model.note("drained");
    }
    depth = 0;
    model.everyone.forEach(ModelStream::judgeDrained);
    assertEquals(new Stats(0, 0), hub.stats());
  }

  private void assertNoFaults() {
    assertEquals(List.of(), model.faults);
  }

  private void operate() {
    switch (random.nextInt(30)) {
      case 0, 1, 2, 3, 4 -> join(choices.join(), anyWay());
      case 5, 6 -> joinAgain(choices.anyMember());
      case 7 -> joinAgain(choices.pick(model.inGrace()));
      case 8 -> leave(choices.anyStream());
      case 9, 10 -> lose(choices.anyStream());
      case 11 -> publishMany();
      case 12 -> leaveByToken();
      case 13, 14 -> publish(choices.publication());
      case 15, 16, 17 -> publishAs(choices.anyMember());
      case 18 -> publish(choices.ofServer(choices.channelId()));
      case 19 -> publishMany();
      case 20, 21, 22 -> {
        boolean unused = completeAny();
      }
      case 23, 24 -> executor.runAny(random);
      case 25 -> changeAnyWay();
      case 26 -> letTimePass();
      case 27 -> endGraces();
      case 28 -> endGraceToTheInstant();
      default -> look();
    }
  }

  private Recorder.Way anyWay() {
    return choices.oneIn(2) ? Recorder.Way.BY_HAND : Recorder.Way.AT_ONCE;
  }

  private void joinAgain(ModelMember member) {
    if (member != null) {
      join(choices.joinAgain(member), anyWay());
    }
  }

  private void join(Join join, Recorder.Way way) {
    Refusal expected = model.refusal(join);
    Recorder recorder = Recorder.of(join.clientId(), way);
    Outcome<Membership> outcome = new Outcome<>();
    if (expected != null) {
      model.note(expected.name());
      hub.join(join, recorder, outcome);
      assertEquals(expected, outcome.refusal(), join::toString);
      return;
    }
    if (!model.lives.containsKey(join.channelId()) && !lived.add(join.channelId())) {
      model.note("second life");
    }
    ModelStream stream = model.add(join, recorder);
    recorder.onDeliver(batch -> delivered(stream, batch)).afterDone(() -> within(stream));
    hub.join(
        join,
        recorder,
        Answer.of(
            membership -> {
              stream.membership = membership;
              outcome.ok(membership);
            },
            outcome::refused));
    assertEquals(stream.member.clientId, outcome.value().clientId());
    assertEquals(join.channelId(), outcome.value().channelId());
  }

  private void delivered(ModelStream stream, Batch batch) {
    if (stream.membership == null) {
      model.faults.add(stream + ": a batch ahead of the answer");
    }
    model.note(batch.size() == 0 ? "sign of life" : batch.size() > 3 ? "many" : "batch");
    stream.judge(batch);
    Recorder.Way way = stream.recorder.way();
    if (way == Recorder.Way.FAILING || way == Recorder.Way.THROWING) {
      model.note("failed");
      model.lose(stream);
    } else {
      within(stream);
    }
  }

  /** What a subscriber may do in the middle of a delivery. */
  private void within(ModelStream stream) {
    if (depth >= MAX_DEPTH || random.nextInt(12) > 0) {
      return;
    }
    depth++;
    try {
      switch (random.nextInt(6)) {
        case 0 -> leave(stream);
        case 1 -> lose(stream);
        case 2 -> publishAs(stream.member);
        case 3 -> joinAgain(stream.member);
        case 4 -> {
          boolean unused = completeAny();
        }
        default -> operate();
      }
    } catch (RuntimeException | AssertionError e) {
      model.faults.add(stream + ": " + e); // Thrown, it would count as the subscriber's.
    } finally {
      depth--;
    }
  }

  private void leave(ModelStream stream) {
    if (stream == null || stream.membership == null) {
      return; // In the middle of its own join.
    }
    model.note(stream.end == null ? "LEFT" : "ended before");
    model.leave(stream);
    stream.membership.leave();
  }

  private void lose(ModelStream stream) {
    if (stream == null || stream.membership == null) {
      return;
    }
    model.note(stream.end == null ? "LOST" : "ended before");
    model.lose(stream);
    stream.membership.lost();
  }

  private void leaveByToken() {
    ModelMember member = choices.oneIn(3) ? choices.anyMember() : choices.pick(model.inGrace());
    String channelId = member == null || choices.oneIn(3) ? choices.channelId() : member.life.id;
    String clientId = member == null || choices.oneIn(3) ? choices.clientId() : member.clientId;
    String token = member == null || choices.oneIn(3) ? choices.token(clientId) : member.token;
    Object expected = model.leave(channelId, clientId, token);
    Outcome<String> outcome = new Outcome<>();
    hub.leave(channelId, clientId, token, outcome);
    if (expected instanceof ModelMember left) {
      model.note(left.isLost() ? "left in grace" : "left by token");
      assertEquals(left.clientId, outcome.value());
    } else {
      model.note("leave: " + expected);
      assertEquals(expected, outcome.refusal());
    }
  }

  private void publishAs(ModelMember member) {
    if (member != null) {
      publish(choices.publicationOf(member));
    }
  }

  private void publish(Publication publication) {
    Object expected = model.publish(List.of(publication));
    Outcome<Receipt> outcome = new Outcome<>();
    hub.publish(publication, outcome);
    if (expected instanceof Model.Refused refused) {
      model.note(refused.why().name());
      assertEquals(refused.why(), outcome.refusal());
    } else {
      judge((Model.Published) expected, List.of(outcome.value()));
    }
  }

  private void publishMany() {
    List<Publication> publications = choices.publications();
    Object expected = model.publish(publications);
    Outcome<List<Receipt>> outcome = new Outcome<>();
    hub.publish(publications, outcome);
    if (expected instanceof Model.Refused refused) {
      model.note("array: " + refused.why());
      assertEquals(refused.why(), outcome.refusal());
      if (refused.index() >= 0) {
        model.note(refused.index() > 0 ? "refused in the midst" : "refused");
        assertEquals(refused.index(), outcome.index());
      }
    } else {
      model.note("array");
      judge((Model.Published) expected, outcome.value());
    }
  }

  private void judge(Model.Published expected, List<Receipt> receipts) {
    model.note("published");
    assertEquals(expected.recipients(), receipts.stream().map(Receipt::recipients).toList());
    for (int i = 0; i < receipts.size(); i++) {
      String id = receipts.get(i).eventId();
      if (!expected.life().isId(id, expected.firstNumber() + i)) {
        model.faults.add("published as " + id + ", not " + (expected.firstNumber() + i));
      }
    }
  }

  /** False where nothing is pending. */
  private boolean completeAny() {
    List<ModelStream> pending =
        model.everyone.stream()
            .filter(stream -> stream.recorder.isPending() && !stream.recorder.isInCall())
            .toList();
    if (!pending.isEmpty()) {
      complete(pending.get(random.nextInt(pending.size())));
    }
    return !pending.isEmpty();
  }

  private void complete(ModelStream stream) {
    if (depth == 0) { // Else the turn under way may hold it: then it waits for the next pass.
      stream.expectNext();
    }
    boolean isExpected = stream.expected != ModelStream.Expected.NOT_KNOWN;
    int before = stream.recorder.batches().size();
    stream.recorder.complete();
    if (isExpected && stream.recorder.batches().size() == before) {
      model.faults.add(stream + ": completed, but not handed what follows");
    }
  }

  private void changeAnyWay() {
    ModelStream stream = choices.anyStream();
    if (stream != null) {
      stream.recorder.way(WAYS.get(random.nextInt(WAYS.size())));
    }
  }

  private void letTimePass() {
    if (depth == 0) { // What is taken must be delivered at once, for the model to follow.
      letPass(Duration.ofSeconds(random.nextInt(choices.oneIn(2) ? 60 : 10)));
    }
  }

  private void letPass(Duration time) {
    executor.runAll();
    ticker.advance(time);
    model.forget();
    hub.sweep();
    List<ModelStream> silent = new ArrayList<>(model.everyone);
    silent.removeIf(stream -> stream.end != null || stream.recorder.isPending());
    executor.runAll();
    for (ModelStream stream : silent) {
      long silence = ticker.getAsLong() - stream.lastDelivery;
      if (stream.end == null && silence >= model.options.heartbeat().toNanos()) {
        model.faults.add(stream + ": no heartbeat");
      }
    }
  }

  /** Where several graces end at once, nothing else is to come between, for the model to follow. */
  private void endGraces() {
    if (depth > 0) {
      return;
    }
    List<ModelMember> overdue = model.overdue();
    overdue.forEach(member -> model.note("grace over"));
    if (overdue.size() > 1) {
      depth = MAX_DEPTH;
      overdue.forEach(member -> calm(member.life));
    }
    model.endGraces();
    hub.endGraces();
    depth = 0;
    assertEquals(model.lives.size(), hub.stats().channels(), "a channel has ended but is there");
  }

  private static void calm(ModelLife life) {
    for (ModelMember member : life.members.values()) {
      if (!member.isLost() && member.stream.recorder.way() != Recorder.Way.AT_ONCE) {
        member.stream.recorder.way(Recorder.Way.BY_HAND);
      }
    }
  }

  /** One comes back in the very moment in which its grace runs out, or a little to either side. */
  private void endGraceToTheInstant() {
    ModelMember member = choices.pick(model.inGrace());
    if (depth > 0 || member == null) {
      return;
    }
    long nanos =
        member.lostAt + model.options.grace().toNanos() - ticker.getAsLong() - random.nextInt(2);
    if (nanos > 0) {
      letPass(Duration.ofNanos(nanos));
    }
    if (choices.oneIn(2)) {
      joinAgain(member);
      endGraces();
    } else {
      endGraces();
      joinAgain(member);
    }
  }

  private void look() {
    String channelId = choices.channelId();
    Outcome<ChannelInfo> outcome = new Outcome<>();
    Refusal expected;
    if (choices.oneIn(2)) {
      hub.look(channelId, outcome);
      expected = model.look(channelId);
    } else {
      String password = choices.password(channelId);
      hub.look(channelId, Credentials.NONE.password(password), Caller.APPLICATION, outcome);
      expected = model.look(channelId, "".equals(password) ? null : password);
    }
    if (expected == null) {
      assertEquals(info(model.lives.get(channelId)), outcome.value());
    } else {
      model.note("look: " + expected);
      assertEquals(expected, outcome.refusal());
    }
  }

  private void beQuiet() {
    executor.runAll();
    model.judgeQuiet();
    assertNoFaults();
    assertEquals(new Stats(model.lives.size(), model.clients()), hub.stats());
    Outcome<List<ChannelInfo>> outcome = new Outcome<>();
    hub.look(outcome);
    if (model.isClosed) {
      assertEquals(Refusal.SHUTTING_DOWN, outcome.refusal());
      return;
    }
    assertEquals(
        new HashSet<>(model.lives.values().stream().map(ModelSession::info).toList()),
        new HashSet<>(outcome.value()));
  }

  private static ChannelInfo info(ModelLife life) {
    return new ChannelInfo(life.id, life.password != null, life.ids());
  }
}
