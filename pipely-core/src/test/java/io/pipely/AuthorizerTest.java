package io.pipely;

import static io.pipely.Authorizer.Action.CREATE;
import static io.pipely.Authorizer.Action.JOIN;
import static io.pipely.Authorizer.Action.PUBLISH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.testing.Logs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an {@link Authorizer} is asked, and what becomes of its decisions. */
class AuthorizerTest {

  private static final String CHANNEL = "channel-0000";

  private static final Caller CALLER =
      new Caller() {
        @Override
        public String header(String name) {
          return name + "!";
        }

        @Override
        public String address() {
          return "192.0.2.1";
        }
      };

  private final List<Authorizer.Operation> asked = Collections.synchronizedList(new ArrayList<>());
  private Authorizer authorizer = (operation, verdict) -> verdict.allow();
  private final Pipely pipely =
      Pipely.builder()
          .authorizer(
              (operation, verdict) -> {
                asked.add(operation);
                authorizer.authorize(operation, verdict);
              })
          .build();

  @AfterEach
  void close() {
    pipely.close();
  }

  private CompletableFuture<Membership> join(Join join) {
    return Answer.future(answer -> pipely.join(join, (batch, done) -> done.complete(null), answer));
  }

  private CompletableFuture<Membership> join(String clientId) {
    return join(Join.of(CHANNEL, clientId).caller(CALLER));
  }

  private CompletableFuture<Receipt> publish(String originId) {
    Publication publication =
        Publication.of(CHANNEL, "chat", originId, Payload.NULL).caller(CALLER);
    return Answer.future(answer -> pipely.publish(publication, answer));
  }

  private static Refusal refusal(CompletableFuture<?> outcome) {
    CompletionException e = assertThrows(CompletionException.class, outcome::join);
    return ((RefusedException) e.getCause()).refusal();
  }

  private List<String> questions() {
    return asked.stream().map(o -> o.action() + " " + o.channelId() + " " + o.clientId()).toList();
  }

  @Test
  void isAskedWhoWantsToDoWhat() {
    join("alice").join();
    join("bobby").join();
    publish("alice").join();
    assertEquals(
        List.of(
            "CREATE channel-0000 alice", "JOIN channel-0000 bobby", "PUBLISH channel-0000 alice"),
        questions());
    asked.forEach(operation -> assertSame(CALLER, operation.caller()));
  }

  @Test
  void whatItDeniesDoesNotHappen() {
    authorizer = (operation, verdict) -> verdict.deny();
    assertEquals(Refusal.FORBIDDEN, refusal(join("alice")));
    assertEquals(new Stats(0, 0), pipely.stats());

    authorizer = (operation, verdict) -> verdict.allow();
    join("alice").join();
    authorizer = (operation, verdict) -> verdict.deny();
    assertEquals(Refusal.FORBIDDEN, refusal(join("bobby")));
    assertEquals(Refusal.FORBIDDEN, refusal(publish("alice")));
    assertEquals(new Stats(1, 1), pipely.stats());
  }

  @Test
  void allowingDoesNotSetTheOtherRulesAside() {
    join(Join.of(CHANNEL, "alice").password("secret").caller(CALLER)).join();
    assertEquals(Refusal.WRONG_PASSWORD, refusal(join("bobby")));
    assertEquals(Refusal.WRONG_PASSWORD, refusal(publish("alice")));
  }

  @Test
  void isNotAskedAboutWhatIsNotWellFormed() {
    assertEquals(Refusal.CLIENT_ID_TOO_SHORT, refusal(join("al")));
    assertEquals(Refusal.ORIGIN_ID_TOO_SHORT, refusal(publish("al")));
    assertEquals(List.of(), questions());
  }

  @Test
  void isNotAskedWhatTheApplicationDoesItself() {
    join("alice").join();
    authorizer = (operation, verdict) -> verdict.deny();
    Answer.<Receipt>future(answer -> pipely.publish(CHANNEL, "news", 1, answer)).join();
    join(Join.of(CHANNEL, "auditor")).join();
    Publication own = Publication.of(CHANNEL, "chat", "auditor", Payload.NULL);
    Answer.<Receipt>future(answer -> pipely.publish(own, answer)).join();
    assertEquals(List.of("CREATE channel-0000 alice"), questions());
  }

  @Test
  void mayDecideLaterAndOnAnyThread() throws Exception {
    CompletableFuture<Authorizer.Verdict> held = new CompletableFuture<>();
    authorizer = (operation, verdict) -> held.complete(verdict);
    CompletableFuture<Membership> joined = join("alice");
    assertFalse(joined.isDone());
    Thread decider = new Thread(() -> held.join().allow());
    decider.start();
    assertEquals("alice", joined.get(10, TimeUnit.SECONDS).clientId());
    decider.join();
  }

  @Test
  void onlyItsFirstWordCounts() {
    authorizer =
        (operation, verdict) -> {
          verdict.deny();
          verdict.allow();
        };
    assertEquals(Refusal.FORBIDDEN, refusal(join("alice")));
    authorizer =
        (operation, verdict) -> {
          verdict.allow();
          verdict.allow();
          verdict.deny();
        };
    join("alice").join();
    assertEquals(new Stats(1, 1), pipely.stats());
  }

  @Test
  void oneThatThrowsHasRefused() {
    authorizer =
        (operation, verdict) -> {
          throw new IllegalStateException("an exception that a test asked for");
        };
    try (Logs logs = Logs.of("io.pipely.core.Gate")) {
      assertEquals(Refusal.FORBIDDEN, refusal(join("alice")));
      assertEquals(List.of("ERROR the authorizer failed, which is taken for a no"), logs.lines());
    }
  }

  @Test
  void isAskedAnewWhereTheChannelHasEndedMeanwhile() {
    Membership alice = join("alice").join();
    List<Authorizer.Verdict> held = new ArrayList<>();
    authorizer = (operation, verdict) -> held.add(verdict);
    CompletableFuture<Membership> bobby = join("bobby");
    alice.leave();
    held.get(0).allow();
    assertFalse(bobby.isDone(), "allowed to join, not to create");
    assertEquals(List.of(CREATE, JOIN, CREATE), asked.stream().map(o -> o.action()).toList());
    held.get(1).allow();
    assertEquals("bobby", bobby.join().clientId());
  }

  @Test
  void isAskedAboutEachOfSeveralEvents() {
    join("alice").join();
    asked.clear();
    authorizer =
        (operation, verdict) -> {
          if (operation.clientId().equals("mallory")) {
            verdict.deny();
          } else {
            verdict.allow();
          }
        };
    List<Publication> publications =
        List.of(
            Publication.of(CHANNEL, "chat", "alice", Payload.NULL).caller(CALLER),
            Publication.ofServer(CHANNEL, "news", 1),
            Publication.of(CHANNEL, "chat", "mallory", Payload.NULL).caller(CALLER),
            Publication.of(CHANNEL, "chat", "alice", Payload.NULL).caller(CALLER));
    List<Object> outcome = new ArrayList<>();
    pipely.publish(
        publications,
        new Answer<List<Receipt>>() {
          @Override
          public void ok(List<Receipt> receipts) {
            outcome.add(receipts);
          }

          @Override
          public void refused(Refusal why) {
            outcome.add(why);
          }

          @Override
          public void refused(Refusal why, int index) {
            outcome.add(index + " " + why);
          }
        });
    assertEquals(List.of("2 FORBIDDEN"), outcome);
    assertEquals(List.of(PUBLISH, PUBLISH), asked.stream().map(o -> o.action()).toList());
  }

  @Test
  void oneThatBlocksHoldsUpNobodyElse() throws Exception {
    join("alice").join();
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    CompletableFuture<Void> release = new CompletableFuture<>();
    authorizer =
        (operation, verdict) -> {
          if (operation.clientId().equals("slow-one")) {
            blocked.complete(null);
            release.join();
          }
          verdict.allow();
        };
    Thread slow = new Thread(() -> publish("slow-one").join());
    slow.start();
    blocked.get(10, TimeUnit.SECONDS);
    assertEquals(2, publishTwice());
    release.complete(null);
    slow.join();
  }

  private int publishTwice() throws Exception {
    join("bobby").get(10, TimeUnit.SECONDS);
    return publish("alice").get(10, TimeUnit.SECONDS).recipients();
  }

  @Test
  void isAskedWhoMayLookUnlessItIsTheServer() {
    Pipely guarded =
        Pipely.builder()
            .serverKey("key")
            .authorizer(
                (operation, verdict) -> {
                  asked.add(operation);
                  verdict.deny();
                })
            .build();
    try (guarded) {
      Answer.<Membership>future(
              answer ->
                  guarded.join(
                      Join.of(CHANNEL, "auditor"), (batch, done) -> done.complete(null), answer))
          .join();
      assertEquals(
          Refusal.FORBIDDEN,
          refusal(
              Answer.<ChannelInfo>future(
                  answer -> guarded.look(CHANNEL, Credentials.NONE, CALLER, answer))));
      assertEquals(List.of("LOOK channel-0000 "), questions());
      Credentials key = Credentials.NONE.serverKey("key");
      Answer.<ChannelInfo>future(answer -> guarded.look(CHANNEL, key, CALLER, answer)).join();
      Answer.<ChannelInfo>future(answer -> guarded.look(CHANNEL, answer)).join();
    }
    assertEquals(1, asked.size());
  }

  /** Both are allowed to create; then the one that comes second is asked whether it may join. */
  @Test
  void whoMayCreateMayNotThereforeJoin() throws Exception {
    authorizer =
        (operation, verdict) -> {
          if (operation.action() == CREATE) {
            verdict.allow();
          } else {
            verdict.deny();
          }
        };
    for (int i = 0; i < 500; i++) {
      String channelId = "channel-" + (1000 + i);
      CountDownLatch start = new CountDownLatch(1);
      List<CompletableFuture<Membership>> both = new ArrayList<>();
      for (String clientId : List.of("alice", "bobby")) {
        both.add(
            CompletableFuture.supplyAsync(
                () -> {
                  await(start);
                  return join(Join.of(channelId, clientId).caller(CALLER)).join();
                }));
      }
      start.countDown();
      int joined = 0;
      for (CompletableFuture<Membership> one : both) {
        joined += one.handle((member, failure) -> failure == null ? 1 : 0).get();
      }
      assertEquals(1, joined, channelId);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
