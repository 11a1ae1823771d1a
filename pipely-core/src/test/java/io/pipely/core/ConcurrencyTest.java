package io.pipely.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import io.pipely.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hub under real threads. What a seed repeats is the operations, not their interleaving. */
@Timeout(120)
class ConcurrencyTest {

  private static final String CHANNEL = "channel-0000";
  private static final int THREADS = 8;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Hub hub = Hub.start(Options.DEFAULTS, null, null, List.of(), null);

  @AfterEach
  void stop() {
    hub.close();
    pool.shutdownNow();
  }

  @Test
  void whoeverIsThereThroughoutSeesEverythingInTheSameOrder() {
    Seeds.fresh(random -> publishersAndComersAndGoers(random, 3, 1_500));
  }

  @Test
  void theSameHoldsForOneCrowdedChannel() {
    Seeds.fresh(
        random -> {
          List<Member> crowd = new ArrayList<>();
          for (int i = 0; i < 300; i++) {
            crowd.add(join(CHANNEL, "crowd-" + i, subscriber(random, "crowd-" + i)));
          }
          publishersAndComersAndGoers(random, 1, 150);
          crowd.forEach(member -> member.recorder.check());
        });
  }

  private void publishersAndComersAndGoers(Random random, int channels, int events)
      throws Exception {
    List<Member> witnesses = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < 4; i++) {
        String id = "witness-" + i;
        witnesses.add(join("channel-000" + c, id, subscriber(random, id)));
      }
    }
    List<Member> passers = Collections.synchronizedList(new ArrayList<>());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      tasks.add(publisher("publisher-" + t, channels, events, new Random(random.nextLong())));
      if (t % 2 == 0) {
        tasks.add(passer("passer-" + t, channels, passers, new Random(random.nextLong())));
      }
    }
    for (Future<Void> future : pool.invokeAll(tasks)) {
      future.get();
    }
    for (int c = 0; c < channels; c++) {
      String channel = "channel-000" + c;
      List<Member> here = witnesses.stream().filter(w -> w.isIn(channel)).toList();
      compare(here, THREADS * events / channels);
      passers.stream().filter(p -> p.isIn(channel)).forEach(p -> compare(p, here.get(0)));
    }
    passers.forEach(passer -> assertEquals(List.of(EndReason.LEFT), passer.recorder.ends()));
  }

  /** Everybody has everything, and all from the last one's arrival on in the same order. */
  private static void compare(List<Member> witnesses, int published) {
    for (Member witness : witnesses) {
      until(() -> witness.recorder.payloads("chat").size() >= published);
      witness.recorder.check();
      List<String> payloads = witness.recorder.payloads("chat");
      assertEquals(published, payloads.size());
      assertEquals(published, new HashSet<>(payloads).size(), "an event twice");
      for (int t = 0; t < THREADS; t++) {
        String prefix = "\"publisher-" + t + ":";
        List<Integer> numbers =
            payloads.stream()
                .filter(payload -> payload.startsWith(prefix))
                .map(payload -> Integer.valueOf(payload.replaceAll("[^:]*:|\"", "")))
                .toList();
        assertEquals(numbers.stream().sorted().toList(), numbers, "one publisher's order");
      }
    }
    List<String> last = fromOwnConnect(witnesses.get(witnesses.size() - 1));
    for (Member witness : witnesses) {
      String newest = last.get(last.size() - 1);
      until(() -> witness.recorder.texts().contains(newest)); // More than the last one has, maybe.
      List<String> texts = witness.recorder.texts();
      int end = texts.lastIndexOf(newest) + 1;
      assertTrue(end >= last.size(), "an event is missing at " + witness.recorder);
      assertEquals(last, texts.subList(end - last.size(), end), witness.recorder.toString());
    }
  }

  /** Who came and went has an unbroken part of what a witness has. */
  private static void compare(Member passer, Member witness) {
    passer.recorder.check();
    List<String> part = fromOwnConnect(passer);
    if (!part.isEmpty()) {
      List<String> whole = witness.recorder.texts();
      assertTrue(Collections.indexOfSubList(whole, part) >= 0, () -> "not a part of it: " + part);
    }
  }

  private static List<String> fromOwnConnect(Member member) {
    List<String> texts = member.recorder.texts();
    if (texts.isEmpty()) {
      return texts; // It left before anything reached it.
    }
    assertTrue(texts.get(0).startsWith("CLIENT_LIST server ["), texts.get(0));
    assertTrue(texts.get(0).endsWith("\"" + member.membership.clientId() + "\"]"), texts.get(0));
    assertEquals("CONNECT " + member.membership.clientId() + " null", texts.get(1));
    return texts.subList(1, texts.size());
  }

  private Callable<Void> publisher(String id, int channels, int events, Random random) {
    return () -> {
      int[] left = new int[channels];
      Arrays.fill(left, events / channels);
      for (int n = 0; n < events / channels * channels; n++) {
        int channel = random.nextInt(channels);
        while (left[channel] == 0) {
          channel = (channel + 1) % channels;
        }
        left[channel]--;
        Outcome<Receipt> outcome = new Outcome<>();
        hub.publish(
            Publication.of("channel-000" + channel, "chat", id, Payload.of(id + ":" + n)), outcome);
        assertTrue(outcome.value().recipients() >= 4);
      }
      return null;
    };
  }

  private Callable<Void> passer(String id, int channels, List<Member> passers, Random random) {
    return () -> {
      for (int n = 0; n < 200; n++) {
        String channel = "channel-000" + random.nextInt(channels);
        String name = id + "-" + n; // So that each visit can be told from all others.
        Member member = join(channel, name, subscriber(random, name));
        passers.add(member);
        member.membership.leave();
      }
      return null;
    };
  }

  @Test
  void joiningAgainstTheLastLeaveEndsInALivingChannel() {
    Seeds.fresh(
        random -> {
          CyclicBarrier start = new CyclicBarrier(2);
          Member present = join(CHANNEL, "member-0", Recorder.atOnce("member-0"));
          for (int round = 1; round <= 20_000; round++) {
            Member leaver = present;
            Future<Void> leaving =
                pool.submit(
                    () -> {
                      start.await();
                      leaver.membership.leave();
                      return null;
                    });
            String id = "member-" + round;
            start.await();
            present = join(CHANNEL, id, Recorder.atOnce(id));
            leaving.get();
            assertAlone(present, leaver.membership.clientId());
          }
          present.membership.leave();
          assertEquals(new Stats(0, 0), hub.stats());
        });
  }

  private void assertAlone(Member member, String leaver) {
    String id = member.membership.clientId();
    Outcome<ChannelInfo> look = new Outcome<>();
    hub.look(CHANNEL, look);
    assertEquals(List.of(id), look.value().clients());
    assertEquals(new Stats(1, 1), hub.stats());
    Outcome<Receipt> receipt = new Outcome<>();
    hub.publish(CHANNEL, "chat", id, receipt);
    assertEquals(1, receipt.value().recipients());
    String own = "CONNECT " + id + " null";
    String event = "chat server \"" + id + "\"";
    List<String> inNewLife = List.of("CLIENT_LIST server [\"" + id + "\"]", own, event);
    List<String> inOldLife =
        List.of(
            "CLIENT_LIST server [\"" + leaver + "\",\"" + id + "\"]",
            own,
            "DISCONNECT " + leaver + " null",
            event);
    await().pollInterval(Duration.ofMillis(1)).until(() -> member.recorder.texts().contains(event));
    List<String> texts = member.recorder.texts();
    assertTrue(texts.equals(inNewLife) || texts.equals(inOldLife), texts::toString);
    member.recorder.check();
  }

  @Test
  void ofManyWhoJoinWithOneIdOneGetsIt() throws Exception {
    for (int round = 0; round < 500; round++) {
      AtomicInteger taken = new AtomicInteger();
      List<Membership> members = Collections.synchronizedList(new ArrayList<>());
      CyclicBarrier start = new CyclicBarrier(4);
      together(
          4,
          t -> {
            start.await();
            hub.join(
                Join.of(CHANNEL, t % 2 == 0 ? "somebody" : "SomeBody"),
                Recorder.atOnce("somebody"),
                Answer.of(
                    members::add,
                    why -> {
                      assertEquals(Refusal.CLIENT_ID_TAKEN, why);
                      taken.incrementAndGet();
                    }));
          });
      assertEquals(1, members.size());
      assertEquals(3, taken.get());
      members.get(0).leave();
      assertEquals(new Stats(0, 0), hub.stats());
    }
  }

  @Test
  void ofTwoPasswordsForANewChannelOneHolds() throws Exception {
    for (int round = 0; round < 500; round++) {
      List<Membership> members = Collections.synchronizedList(new ArrayList<>());
      List<Refusal> refusals = Collections.synchronizedList(new ArrayList<>());
      CyclicBarrier start = new CyclicBarrier(2);
      together(
          2,
          t -> {
            start.await();
            hub.join(
                Join.of(CHANNEL, "client-" + t).password("password-" + t),
                Recorder.atOnce("client-" + t),
                Answer.of(members::add, refusals::add));
          });
      assertEquals(1, members.size());
      assertEquals(List.of(Refusal.WRONG_PASSWORD), refusals);
      members.get(0).leave();
    }
  }

  @Test
  void aThousandWhoJoinAtOnceAllComeIn() throws Exception {
    int count = 1_000;
    CyclicBarrier start = new CyclicBarrier(count);
    List<Member> members = Collections.synchronizedList(new ArrayList<>());
    together(
        count,
        t -> {
          Recorder recorder = Recorder.atOnce("client-" + t);
          start.await();
          members.add(join(CHANNEL, "client-" + t, recorder));
        });
    Outcome<ChannelInfo> look = new Outcome<>();
    hub.look(CHANNEL, look);
    List<String> order = look.value().clients();
    assertEquals(count, order.size());
    for (Member member : members) {
      int place = order.indexOf(member.membership.clientId());
      until(() -> member.recorder.events().size() >= count - place + 1);
      List<String> texts = member.recorder.texts();
      String list = "CLIENT_LIST server " + Payload.of(order.subList(0, place + 1));
      assertEquals(list, texts.get(0));
      List<String> connects =
          order.subList(place, count).stream().map(id -> "CONNECT " + id + " null").toList();
      assertEquals(connects, texts.subList(1, texts.size()));
      member.recorder.check();
    }
    together(count, t -> members.get(t).membership.leave());
    assertEquals(new Stats(0, 0), hub.stats());
    for (var member : members) {
      // Not before a call of another thread's to the member has returned.
      until(() -> member.recorder.ends().equals(List.of(EndReason.LEFT)));
    }
  }

  @Test
  void theBoundOfMembersHoldsAgainstManyAtOnce() throws Exception {
    hub.close();
    hub = Hub.start(Options.DEFAULTS.withMaxMembers(10), null, null, List.of(), null);
    for (int round = 0; round < 50; round++) {
      List<Membership> members = Collections.synchronizedList(new ArrayList<>());
      List<Refusal> refusals = Collections.synchronizedList(new ArrayList<>());
      joinTogether(16, t -> CHANNEL, members, refusals);
      assertEquals(10, members.size());
      assertEquals(Collections.nCopies(6, Refusal.CHANNEL_FULL), refusals);
      members.forEach(Membership::leave);
      assertEquals(new Stats(0, 0), hub.stats());
    }
  }

  @Test
  void theBoundOfChannelsHoldsAgainstManyAtOnce() throws Exception {
    hub.close();
    hub = Hub.start(Options.DEFAULTS.withMaxChannels(10), null, null, List.of(), null);
    for (int round = 0; round < 50; round++) {
      List<Membership> members = Collections.synchronizedList(new ArrayList<>());
      List<Refusal> refusals = Collections.synchronizedList(new ArrayList<>());
      joinTogether(16, t -> "channel-00" + (10 + t), members, refusals);
      assertEquals(10, members.size());
      assertEquals(Collections.nCopies(6, Refusal.TOO_MANY_CHANNELS), refusals);
      members.forEach(Membership::leave);
      assertEquals(new Stats(0, 0), hub.stats());
    }
  }

  @Test
  void manyWhoJoinTheLastChannelThereMayBeAllComeIn() throws Exception {
    hub.close();
    hub = Hub.start(Options.DEFAULTS.withMaxChannels(1), null, null, List.of(), null);
    for (int round = 0; round < 2_000; round++) {
      List<Membership> members = Collections.synchronizedList(new ArrayList<>());
      List<Refusal> refusals = Collections.synchronizedList(new ArrayList<>());
      joinTogether(4, t -> CHANNEL, members, refusals);
      assertEquals(List.of(), refusals);
      members.forEach(Membership::leave);
    }
  }

  @Test
  void whoJoinsWhileAllIsClosedIsToldOfTheEndOrRefused() throws Exception {
    for (int round = 0; round < 300; round++) {
      Hub closing = Hub.start(Options.DEFAULTS, null, null, List.of(), null);
      List<Recorder> joined = Collections.synchronizedList(new ArrayList<>());
      CyclicBarrier start = new CyclicBarrier(5);
      together(
          5,
          t -> {
            start.await();
            if (t == 4) {
              closing.close();
              return;
            }
            for (int i = 0; i < 20; i++) {
              String id = "client-" + t + "-" + i;
              Recorder recorder = Recorder.atOnce(id);
              closing.join(
                  Join.of("channel-000" + i % 3, id),
                  recorder,
                  Answer.of(
                      membership -> joined.add(recorder),
                      why -> assertEquals(Refusal.SHUTTING_DOWN, why)));
            }
          });
      assertEquals(new Stats(0, 0), closing.stats());
      for (Recorder recorder : joined) {
        assertEquals(List.of(EndReason.CLOSED), recorder.ends());
        recorder.check();
      }
    }
  }

  @Test
  void deliveriesCompletedByOtherThreadsFollowEachOtherWithoutAGap() {
    Seeds.fresh(
        random -> {
          Recorder slow = Recorder.byHand("slow");
          join(CHANNEL, "slow", slow);
          int events = 4_000; // Fits into what is kept, however slow the completing thread is.
          Future<Void> completing =
              pool.submit(
                  () -> {
                    while (slow.payloads("chat").size() < events || slow.isPending()) {
                      slow.complete();
                    }
                    return null;
                  });
          for (int n = 0; n < events; n++) {
            hub.publish(CHANNEL, "chat", n, new Outcome<Receipt>());
          }
          completing.get();
          slow.check();
          List<String> payloads = slow.payloads("chat");
          assertEquals(events, payloads.size());
          for (int n = 0; n < events; n++) {
            assertEquals(String.valueOf(n), payloads.get(n));
          }
        });
  }

  private void joinTogether(
      int count, ChannelOf channelOf, List<Membership> members, List<Refusal> refusals)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    together(
        count,
        t -> {
          start.await();
          hub.join(
              Join.of(channelOf.channel(t), "client-" + t),
              Recorder.atOnce("client-" + t),
              Answer.of(members::add, refusals::add));
        });
  }

  private interface ChannelOf {
    String channel(int thread);
  }

  private interface Task {
    void run(int thread) throws Exception;
  }

  private void together(int count, Task task) throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int thread = i;
      tasks.add(
          () -> {
            task.run(thread);
            return null;
          });
    }
    for (Future<Void> future : pool.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
      future.get();
    }
  }

  /** Awaitility waits ahead of its first look, which adds up over thousands. */
  private static void until(BooleanSupplier isTrue) {
    if (!isTrue.getAsBoolean()) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(isTrue::getAsBoolean);
    }
  }

  private record Member(Membership membership, Recorder recorder) {
    boolean isIn(String channel) {
      return membership.channelId().equals(channel);
    }
  }

  private Member join(String channelId, String clientId, Recorder recorder) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(Join.of(channelId, clientId), recorder, outcome);
    return new Member(outcome.value(), recorder);
  }

  private Recorder subscriber(Random random, String name) {
    return random.nextBoolean() ? Recorder.atOnce(name) : Recorder.elsewhere(name, pool);
  }
}
