package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.testing.Logs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a {@link PipelyListener} is told, and that it can harm nobody. */
class PipelyListenerTest {

  private static final String CHANNEL = "channel-0000";
  private static final String TOKEN = "token-of-sixteen";

  /** Writes down what it is told. */
  private static class Diary implements PipelyListener {

    final List<String> entries = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void channelCreated(String channelId) {
      entries.add("created " + channelId);
    }

    @Override
    public void channelDestroyed(String channelId) {
      entries.add("destroyed " + channelId);
    }

    @Override
    public void joined(String channelId, String clientId) {
      entries.add("joined " + clientId);
    }

    @Override
    public void left(String channelId, String clientId, EndReason why) {
      entries.add("left " + clientId + " " + why);
    }

    @Override
    public void lost(String channelId, String clientId) {
      entries.add("lost " + clientId);
    }

    @Override
    public void takenOver(String channelId, String clientId) {
      entries.add("taken over " + clientId);
    }

    @Override
    public void published(Event event, int recipients) {
      entries.add("published " + event.type() + " " + event.id() + " " + recipients);
    }

    @Override
    public void refused(String channelId, String clientId, Refusal why) {
      entries.add("refused " + clientId + " " + why);
    }

    @Override
    public void slowMemberClosed(String channelId, String clientId) {
      entries.add("slow " + clientId);
    }

    /** What it was told, once there is so much. */
    List<String> await(int count) {
      Awaitility.await().until(() -> entries.size() >= count);
      return List.copyOf(entries);
    }
  }

  private static Membership join(Pipely pipely, Join join) {
    return Answer.<Membership>future(
            answer -> pipely.join(join, (batch, done) -> done.complete(null), answer))
        .join();
  }

  private static Receipt publish(Pipely pipely, String type) {
    return Answer.<Receipt>future(answer -> pipely.publish(CHANNEL, type, 1, answer)).join();
  }

  @Test
  void isToldWhatHappensInItsOrder() {
    Diary diary = new Diary();
    String id;
    try (Pipely pipely = Pipely.builder().listener(diary).grace(Duration.ofMillis(20)).build()) {
      Membership alice = join(pipely, Join.of(CHANNEL, "alice"));
      Membership bobby = join(pipely, Join.of(CHANNEL, "bobby").token(TOKEN));
      id = publish(pipely, "chat").eventId();
      join(pipely, Join.of(CHANNEL, "BOBBY").token(TOKEN)).lost();
      bobby.leave(); // Of the connection that was taken over: nothing happens.
      diary.await(7);
      alice.leave();
    }
    assertEquals(
        List.of(
            "created " + CHANNEL,
            "joined alice",
            "joined bobby",
            "published chat " + id + " 2",
            "taken over bobby",
            "lost bobby",
            "left bobby LOST",
            "left alice LEFT",
            "destroyed " + CHANNEL),
        diary.await(9));
  }

  @Test
  void isToldOfRefusals() {
    Diary diary = new Diary();
    try (Pipely pipely = Pipely.builder().listener(diary).build()) {
      pipely.join(Join.of(CHANNEL, "al"), (batch, done) -> {}, Answer.of(m -> {}, why -> {}));
      join(pipely, Join.of(CHANNEL, "alice").password("secret"));
      pipely.join(Join.of(CHANNEL, "bobby"), (batch, done) -> {}, Answer.of(m -> {}, why -> {}));
      pipely.publish(
          Publication.of(CHANNEL, "chat", "carol", Payload.NULL),
          Answer.<Receipt>of(receipt -> {}, why -> {}));
      pipely.leave(CHANNEL, "alice", TOKEN, Answer.<String>of(clientId -> {}, why -> {}));
      pipely.look("no-such-chan", Answer.<ChannelInfo>of(info -> {}, why -> {}));
      List<String> entries = new ArrayList<>(diary.await(7));
      entries.removeIf(entry -> !entry.startsWith("refused"));
      assertEquals(
          List.of(
              "refused al CLIENT_ID_TOO_SHORT",
              "refused bobby WRONG_PASSWORD",
              "refused carol WRONG_PASSWORD",
              "refused alice CLIENT_OF_ANOTHER",
              "refused  NO_SUCH_CHANNEL"),
          entries);
    }
  }

  @Test
  void isToldHowEverythingEnds() {
    Diary diary = new Diary();
    Pipely pipely = Pipely.builder().listener(diary).build();
    join(pipely, Join.of(CHANNEL, "alice"));
    join(pipely, Join.of(CHANNEL, "bobby"));
    pipely.close();
    assertEquals(
        List.of("left alice CLOSED", "left bobby CLOSED", "destroyed " + CHANNEL),
        diary.await(6).subList(3, 6));
  }

  @Test
  void isToldWhomAConnectionWasTooSlowFor() {
    Diary diary = new Diary();
    Subscriber stuck =
        new Subscriber() {
          @Override
          public void deliver(Batch batch, Done done) {} // And is never done.

          @Override
          public boolean hasDeadline() {
            return true;
          }
        };
    try (Pipely pipely = Pipely.builder().listener(diary).stall(Duration.ofMillis(20)).build()) {
      pipely.join(Join.of(CHANNEL, "alice"), stuck, Answer.<Membership>of(member -> {}, why -> {}));
      assertEquals(
          List.of("slow alice", "left alice STALLED", "destroyed " + CHANNEL),
          diary.await(5).subList(2, 5));
    }
  }

  @Test
  void oneThatThrowsIsToldOfWhatFollowsAndSoAreOthers() {
    Diary diary = new Diary();
    Diary failing =
        new Diary() {
          @Override
          public void joined(String channelId, String clientId) {
            super.joined(channelId, clientId);
            throw new IllegalStateException("an exception that a test asked for");
          }
        };
    try (Logs logs = Logs.of("io.pipely.core.Notices");
        Pipely pipely = Pipely.builder().listener(failing).listener(diary).build()) {
      join(pipely, Join.of(CHANNEL, "alice"));
      join(pipely, Join.of(CHANNEL, "bobby"));
      List<String> all = List.of("created " + CHANNEL, "joined alice", "joined bobby");
      assertEquals(all, failing.await(3));
      assertEquals(all, diary.await(3));
      assertEquals(2, logs.lines().size(), () -> "one line for each: " + logs.lines());
    }
  }

  @Test
  void oneThatBlocksHoldsUpNobodyAndLearnsHowMuchItHasMissed() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicLong told = new AtomicLong();
    AtomicLong missed = new AtomicLong();
    PipelyListener slow =
        new PipelyListener() {
          @Override
          public void joined(String channelId, String clientId) {
            blocked.countDown();
            try {
              assertTrue(release.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void published(Event event, int recipients) {
            told.incrementAndGet();
          }

          @Override
          public void missed(long count) {
            missed.addAndGet(count);
          }
        };
    Diary diary = new Diary();
    try (Logs logs = Logs.of("io.pipely.core.Notices");
        Pipely pipely = Pipely.builder().listener(slow).listener(diary).build()) {
      join(pipely, Join.of(CHANNEL, "alice"));
      assertTrue(blocked.await(60, TimeUnit.SECONDS));
      int events = 70_000; // More than are kept for a listener.
      for (int i = 0; i < events; i++) {
        publish(pipely, "chat");
      }
      diary.await(1 + events);
      release.countDown();
      Awaitility.await()
          .until(
              () -> {
                publish(pipely, "more");
                return missed.get() > 0;
              });
      assertTrue(logs.lines().get(0).contains("too slow"), () -> "logged: " + logs.lines());
      assertEquals(1, logs.lines().size(), "once, not for each");
      assertTrue(told.get() + missed.get() >= events, told + " and " + missed);
    }
  }

  /**
   * Ids that strangers make up are shortened, and much that is refused leaves room for the rest.
   */
  @Test
  void refusalsNeitherFillTheMemoryNorPushOutWhatHappens() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Diary diary =
        new Diary() {
          @Override
          public void channelCreated(String channelId) {
            super.channelCreated(channelId);
            try {
              assertTrue(release.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (Logs logs = Logs.of("io.pipely.core.Notices");
        Pipely pipely = Pipely.builder().listener(diary).build()) {
      join(pipely, Join.of(CHANNEL, "alice"));
      Join refused = Join.of("c".repeat(16_000), "b".repeat(16_000));
      for (int i = 0; i < 40_000; i++) {
        pipely.join(refused, (batch, done) -> {}, Answer.of(m -> {}, why -> {}));
      }
      join(pipely, Join.of(CHANNEL, "bobby"));
      release.countDown();
      Awaitility.await().until(() -> diary.entries.contains("joined bobby"));
      assertEquals(1, logs.lines().size(), () -> "missed some: " + logs.lines());
      assertTrue(diary.entries.get(2).length() < 200, diary.entries.get(2));
    }
  }
}
