package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Answers.assertRefusedInDetail;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.leave;
import static io.pipely.contract.RawRequest.subscribe;
import static org.awaitility.Awaitility.await;

import io.pipely.Stats;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member with a token need not be waited for when it goes for good: POST /leave. */
public interface LeaveContract extends Contract {

  @Test
  default void whoLeavesIsGoneAtOnceAndItsStreamEnds() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = annHasJoined();
    bob.upTo(connect("ann"));

    assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN)));

    bob.expect(disconnect("ann"));
    ann.expectEnd();
    join("eve").expect(clientList("bob", "eve"), connect("eve"));
    bob.expect(connect("eve"));
  }

  /** A browser's sendBeacon sends a text as text/plain. */
  @Test
  default void theBodyOfALeaveIsJsonWhateverItsContentTypeSays() throws Exception {
    SseClient bob = join("bob");
    for (String contentType :
        List.of("application/json", "text/plain;charset=UTF-8", "application/octet-stream")) {
      SseClient ann = annHasJoined();
      bob.upTo(connect("ann"));

      assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN).header("Content-Type", contentType)));

      bob.expect(disconnect("ann"));
      ann.expectEnd();
    }
  }

  @Test
  default void whoLeavesMaySpellItsIdInAnyCase() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = annHasJoined();
    bob.upTo(connect("ann"));

    assertAccepted(ask(leave(CHANNEL, "ANN", Tokens.ANN)));

    bob.expect(disconnect("ann"));
    ann.expectEnd();
  }

  @Test
  default void leavingNeedsNoPassword() throws Exception {
    SseClient bob = join("bob", "secret");
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).password("secret"));
    ann.upTo(connect("ann"));
    bob.upTo(connect("ann"));

    assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN)));

    bob.expect(disconnect("ann"));
    ann.expectEnd();
  }

  @Test
  default void whoIsLostMayLeaveWithoutWaitingForItsGraceToEnd() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(GraceContract.LONG));
    SseClient bob = served.join(subscribe(CHANNEL, "bob"));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));
    bob.upTo(connect("ann"));
    ann.close();
    served.awaitLost("ann");

    assertAccepted(served.ask(leave(CHANNEL, "ann", Tokens.ANN)));

    bob.expect(disconnect("ann"));
    served.join(subscribe(CHANNEL, "ann")).expect(clientList("bob", "ann"), connect("ann"));
    bob.expect(connect("ann"));
  }

  /** As a page does it: the beacon first, and then the browser closes its connection. */
  @Test
  default void theEndOfItsConnectionAfterwardsChangesNothing() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = annHasJoined();
    bob.upTo(connect("ann"));

    assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN)));
    ann.close();
    SseClient other = join(Tokens.subscribe("ann", Tokens.NOBODY));

    other.expect(clientList("bob", "ann"), connect("ann"));
    bob.expect(disconnect("ann"), connect("ann"));
    String event = event("chat", "bob", "1");
    publish(event);
    other.expect(event);
    bob.expect(event);
  }

  @Test
  default void theChannelEndsWhenItsLastMemberLeaves() throws Exception {
    SseClient ann = annHasJoined();

    assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN)));

    ann.expectEnd();
    await().atMost(Patience.ONE).until(() -> served().pipely().stats().equals(new Stats(0, 0)));
  }

  @Test
  default void onlyTheMemberItselfCanLeave() throws Exception {
    SseClient ann = annHasJoined();
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));

    for (String body :
        List.of(
            body("\"ann\"", "\"" + Tokens.NOBODY + "\""),
            body("\"ann\"", "\"\""),
            body("\"ann\"", "null"),
            "{\"channel_id\":\"channel-0001\",\"client_id\":\"ann\"}",
            body("\"bob\"", "\"" + Tokens.ANN + "\""),
            body("\"bob\"", "null"))) {
      assertRefused(
          403, "client_id_of_another", "client id belongs to another client", ask(leave(body)));
    }

    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
    bob.upTo(event);
  }

  @Test
  default void whoIsNotThereCannotLeave() throws Exception {
    annHasJoined();

    assertRefused(
        404,
        "no_such_client",
        "client with given id does not exist in channel",
        ask(leave(CHANNEL, "bob", Tokens.ANN)));
    assertRefused(
        404,
        "no_such_channel",
        "channel with given id does not exist",
        ask(leave("no such chan", "ann", Tokens.ANN)));
  }

  @Test
  default void whoHasLeftCannotLeaveAgain() throws Exception {
    join("bob");
    annHasJoined();
    assertAccepted(ask(leave(CHANNEL, "ann", Tokens.ANN)));

    assertRefused(
        404,
        "no_such_client",
        "client with given id does not exist in channel",
        ask(leave(CHANNEL, "ann", Tokens.ANN)));
  }

  @Test
  default void theIdsOfALeaveAreCheckedAsEverywhere() throws Exception {
    assertRefused(
        400,
        "invalid_channel_id",
        SubscribeContract.NOT_TWELVE,
        ask(leave("short", "ann", Tokens.ANN)));
    assertRefused(400, "invalid_channel_id", SubscribeContract.NOT_TWELVE, ask(leave("{}")));
    assertRefused(
        400,
        "client_id_too_short",
        SubscribeContract.TOO_SHORT,
        ask(leave(CHANNEL, "an", Tokens.ANN)));
    assertRefused(
        400, "client_id_too_short", SubscribeContract.TOO_SHORT, ask(leave(body("null", "null"))));
  }

  @Test
  default void theBodyOfALeaveIsOneJsonObject() throws Exception {
    SseClient ann = annHasJoined();
    String good = body("\"ann\"", "\"" + Tokens.ANN + "\"");

    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "[" + good + "]",
            good + "x",
            "\"ann\"",
            body("1", "null"),
            body("\"ann\"", "1"),
            body("\"ann\"", "{}"),
            "\ufeff" + good)) {
      assertRefusedInDetail(400, BodyContract.MALFORMED, ask(leave(bad)));
    }

    String event = event("chat", "bob", "1");
    publish(event);
    ann.expect(event);
  }

  @Test
  default void unknownFieldsOfALeaveAreIgnored() throws Exception {
    SseClient ann = annHasJoined();

    assertAccepted(
        ask(leave(Events.with("why", "[{}]", body("\"ann\"", "\"" + Tokens.ANN + "\"")))));

    ann.expectEnd();
  }

  private SseClient annHasJoined() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));
    return ann;
  }

  /** A body out of JSON values. */
  private static String body(String clientId, String token) {
    return "{\"channel_id\":\"channel-0001\",\"client_id\":"
        + clientId
        + ",\"token\":"
        + token
        + "}";
  }
}
