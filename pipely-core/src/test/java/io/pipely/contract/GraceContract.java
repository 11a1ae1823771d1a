package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Stats;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member with a token that has lost its connection stays a member for a while. */
public interface GraceContract extends Contract {

  /** Longer than any test waits for anything. */
  Duration LONG = Patience.ONE.multipliedBy(6);

  @Test
  default void whoComesBackInTimeHasNeverBeenAway() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    String lastEventId = annIsLost(served);
    bob.upTo(connect("ann"));
    served.ask(RawRequest.publish(chat("1")));
    bob.expect(chat("1"));

    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(lastEventId));

    ann.expect(clientList("bob", "ann"), chat("1"));
    served.ask(RawRequest.publish(chat("2")));
    ann.expect(chat("2"));
    bob.expect(chat("2"));
  }

  @Test
  default void whoDoesNotComeBackIsToldToHaveLeftOnce() throws Exception {
    Duration grace = Duration.ofMillis(500);
    ServedPipely served = serveBy(rules -> rules.grace(grace));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    bob.upTo(connect("ann"));
    ann.upTo(connect("ann"));

    long start = System.nanoTime();
    ann.close();

    bob.expect(disconnect("ann"));
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(passed.compareTo(grace) >= 0, passed::toString);
    // Whatever is told of ann from here on would come ahead of eve.
    served.join(subscribe(CHANNEL, "eve")).expect(clientList("bob", "eve"), connect("eve"));
    bob.expect(connect("eve"));
  }

  @Test
  default void whoComesBackTooLateIsANewMember() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(Duration.ofMillis(200)));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    String lastEventId = annIsLost(served);
    bob.upTo(disconnect("ann"));

    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(lastEventId));

    ann.expect(clientList("bob", "ann"), disconnect("ann"), connect("ann"));
    bob.expect(connect("ann"));
  }

  /** The graces of a client that is lost again and again do not add up, nor end each other. */
  @Test
  default void whoComesBackAndIsLostAgainHasItsGraceAnew() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));

    // More often than a member may be taken over: nobody was there to be replaced.
    annIsLost(served);
    for (int i = 0; i < 3; i++) {
      SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
      ann.expect(clientList("bob", "ann"));
      lose(ann, served);
    }
    served.join(Tokens.subscribe("ann", Tokens.ANN)).expect(clientList("bob", "ann"));

    served.ask(RawRequest.publish(chat("1")));
    bob.upTo(connect("ann"));
    bob.expect(chat("1"));
  }

  @Test
  default void theGraceOfAConnectionThatIsReplacedByAnotherEndsNothing() throws Exception {
    Duration grace = Duration.ofSeconds(1);
    ServedPipely served = serveBy(rules -> rules.grace(grace));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    annIsLost(served);
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(clientList("bob", "ann"));

    // Twice the grace, by signs of life every 200 ms.
    int frames = ann.frames().size();
    await()
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> ann.frames().size() >= frames + 10);

    served.ask(RawRequest.publish(chat("1")));
    ann.expect(chat("1"));
    bob.upTo(connect("ann"));
    bob.expect(chat("1"));
  }

  @Test
  default void whoIsLostIsStillAMemberForTheOthers() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    annIsLost(served);
    bob.upTo(connect("ann"));

    served.join(subscribe(CHANNEL, "eve")).expect(clientList("bob", "ann", "eve"), connect("eve"));
    for (RawRequest other :
        List.of(subscribe(CHANNEL, "ann"), Tokens.subscribe("ANN", Tokens.NOBODY))) {
      assertRefused(400, "client_id_taken", SubscribeContract.TAKEN, served.ask(other));
    }
  }

  @Test
  default void whoIsLostMayStillPublishAndNobodyElseInItsName() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG).strictOrigins(true));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    annIsLost(served);
    bob.upTo(connect("ann"));
    RawRequest publish = RawRequest.publish(event("chat", "ann", "1"));

    assertRefused(
        403, "origin_id_of_another", "origin id belongs to another client", served.ask(publish));
    assertAccepted(served.ask(publish.token(Tokens.ANN)));

    bob.expect(event("chat", "ann", "1"));
  }

  @Test
  default void aChannelLivesWhileAMemberOfItMayComeBack() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG));
    String lastEventId = annIsLost(served);
    assertAccepted(served.ask(RawRequest.publish(chat("1"))));

    served
        .join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(lastEventId))
        .expect(clientList("ann"), chat("1"));
  }

  @Test
  default void aChannelEndsWithTheGraceOfItsLastMember() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(Duration.ofMillis(200)));
    annIsLost(served);

    await().atMost(Patience.ONE).until(() -> served.pipely().stats().equals(new Stats(0, 0)));

    assertRefused(
        404,
        "no_such_channel",
        PublishContract.NO_CHANNEL,
        served.ask(RawRequest.publish(chat("1"))));
  }

  @Test
  default void whoHasNoTokenLeavesAtOnce() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(LONG));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    SseClient ann = served.join(subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    bob.upTo(connect("ann"));

    ann.close();

    bob.expect(disconnect("ann"));
  }

  /** Ann joins and is lost; what she has got last is returned. */
  private static String annIsLost(ServedPipely served) throws Exception {
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));
    lose(ann, served);
    return ann.lastEventId();
  }

  private static void lose(SseClient ann, ServedPipely served) throws Exception {
    ann.close();
    served.awaitLost("ann");
  }

  private static String chat(String payload) {
    return event("chat", "bob", payload);
  }
}
