package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.directed;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static io.pipely.contract.Events.with;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An event with {@code to} is for these members alone, now and later. */
public interface DirectedContract extends Contract {

  String NO_CLIENT = "client with given id does not exist in channel";

  @Test
  default void onlyThoseItIsForReceiveIt() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    SseClient eve = join("eve");
    String secret = directed("chat", "ann", "1", "bob");
    String last = event("chat", "ann", "2");

    assertAccepted(publish(secret));
    assertAccepted(publish(last));

    assertEquals(List.of(secret, last), after(connect("eve"), bob.upTo(last)));
    assertEquals(List.of(last), after(connect("eve"), ann.upTo(last)));
    assertEquals(List.of(last), after(connect("eve"), eve.upTo(last)));
  }

  @Test
  default void itMayBeForSeveral() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    SseClient eve = join("eve");
    String secret = directed("chat", "eve", "1", "eve", "ann");
    String last = event("chat", "ann", "2");

    assertRecipients("2", publish(secret));
    publish(last);

    assertEquals(List.of(secret, last), after(connect("eve"), ann.upTo(last)));
    assertEquals(List.of(last), after(connect("eve"), bob.upTo(last)));
    assertEquals(List.of(secret, last), after(connect("eve"), eve.upTo(last)));
  }

  @Test
  default void itMayBeForOneGivenAsAString() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRecipients("1", publish(with("to", quoted("ann"), event("chat", "bob", "1"))));

    ann.expect(directed("chat", "bob", "1", "ann"));
  }

  @Test
  default void itsFrameNamesThoseItIsForInTheirOwnSpelling() throws Exception {
    SseClient ann = join("Ann");
    SseClient bob = join("bÖb");
    ann.upTo(connect("bÖb"));
    bob.upTo(connect("bÖb"));

    // Composed and decomposed.
    assertRecipients("2", publish(directed("chat", "eve", "1", "BO\u0308B", "ANN")));

    String event = directed("chat", "eve", "1", "bÖb", "Ann");
    ann.expect(event);
    bob.expect(event);
  }

  @Test
  default void whoIsNamedTwiceCountsOnce() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRecipients("1", publish(directed("chat", "bob", "1", "ann", "ANN", "ann")));

    ann.expect(directed("chat", "bob", "1", "ann"));
    String last = event("chat", "bob", "2");
    publish(last);
    ann.expect(last);
  }

  @Test
  default void whoIsNoMemberIsPassedOver() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRecipients(
        "1", publish(directed("chat", "bob", "1", "nobody", "ann", "x", "", "server")));

    ann.expect(directed("chat", "bob", "1", "ann"));
  }

  @Test
  default void itIsRefusedWhereNoneIsAMember() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    for (String to : List.of("\"nobody\"", "[\"nobody\",\"no one\"]", "\"\"", "\"server\"")) {
      assertRefused(
          404, "no_such_client", NO_CLIENT, publish(with("to", to, event("chat", "ann", "1"))));
    }

    String last = event("chat", "ann", "2");
    publish(last);
    ann.expect(last);
  }

  @Test
  default void itIsRefusedWhereItIsForNoneOrForNoStrings() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRefused(
        400,
        "invalid_recipients",
        "recipients must be at least one",
        publish(with("to", "[]", event("chat", "ann", "1"))));
    for (String to :
        List.of("1", "true", "{}", "{\"ann\":1}", "[1]", "[\"ann\",1]", "[null]", "[[\"ann\"]]")) {
      Http.Response response = publish(with("to", to, event("chat", "ann", "1")));
      assertEquals(400, response.status(), () -> to + " -> " + response);
    }

    String last = event("chat", "ann", "2");
    publish(last);
    ann.expect(last);
  }

  @Test
  default void anEventForNullIsForEverybody() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRecipients("1", publish(with("to", "null", event("chat", "bob", "1"))));

    ann.expect(event("chat", "bob", "1"));
  }

  @Test
  default void theRecipientsAreTheLastThingThatIsChecked() throws Exception {
    ServedPipely served = serveBy(rules -> rules.strictOrigins(true));
    served.join(Tokens.subscribe("ann", Tokens.ANN).password("secret")).upTo(connect("ann"));
    String notAMember = directed("chat", "bob", "1", "nobody");
    RawRequest notAnn = RawRequest.publish(directed("chat", "ann", "1", "nobody"));

    assertRefused(401, "wrong_password", PasswordContract.WRONG, served.ask(notAnn));
    assertRefused(
        403,
        "origin_id_of_another",
        "origin id belongs to another client",
        served.ask(notAnn.password("secret")));
    assertRefused(
        403,
        "origin_id_not_a_member",
        "origin id is not a member of the channel",
        served.ask(RawRequest.publish(notAMember).password("secret")));
    assertRefused(
        404, "no_such_client", NO_CLIENT, served.ask(notAnn.password("secret").token(Tokens.ANN)));
  }

  /** The checks of a field's form come with those of the other fields. */
  @Test
  default void anEmptyListOfRecipientsIsRefusedAheadOfTheChannel() throws Exception {
    assertRefused(
        400,
        "invalid_recipients",
        "recipients must be at least one",
        publish(with("to", "[]", event("chat", "ann", "1"))));
  }

  @Test
  default void whoComesBackIsGivenWhatItWasSentMeanwhileAndNobodyElseIs() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(GraceContract.LONG));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    SseClient bob = served.join(Tokens.subscribe("bob", Tokens.BOB));
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));
    for (SseClient client : List.of(ann, bob)) {
      client.close();
      served.awaitLost(client == ann ? "ann" : "bob");
    }
    String secret = directed("chat", "eve", "1", "ann");
    String last = event("chat", "eve", "2");

    assertRecipients("1", served.ask(RawRequest.publish(secret)));
    assertRecipients("2", served.ask(RawRequest.publish(last)));

    served
        .join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(ann.lastEventId()))
        .expect(clientList("ann", "bob"), secret, last);
    served
        .join(Tokens.subscribe("bob", Tokens.BOB).lastEventId(bob.lastEventId()))
        .expect(clientList("ann", "bob"), last);
    served
        .join(subscribe(CHANNEL, "eve").lastEventId(ann.lastEventId()))
        .expect(clientList("ann", "bob", "eve"), last, connect("eve"));
  }

  @Test
  default void theHistoryHoldsItForThoseItIsForOnly() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));
    String secret = directed("chat", "bob", "1", "ann");
    String last = event("chat", "bob", "2");
    publish(event("chat", "bob", "0"));
    publish(secret);
    publish(last);

    // What may not be seen does not count either.
    join(subscribe(CHANNEL, "eve").parameter("history", "2"))
        .expect(clientList("ann", "eve"), event("chat", "bob", "0"), last, connect("eve"));
    join(Tokens.subscribe("ann", Tokens.ANN).parameter("history", "2"))
        .expect(clientList("ann", "eve"), secret, last);
  }

  /** It belongs to the member, not to the name. */
  @Test
  default void whoTakesTheIdAfterwardsNeverSeesIt() throws Exception {
    SseClient bob = join("bob");
    String before = lastIdOf(bob, connect("bob"));
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    publish(directed("chat", "bob", "1", "ann"));
    ask(RawRequest.leave(CHANNEL, "ann", Tokens.ANN));
    bob.upTo(disconnect("ann"));

    for (RawRequest newcomer :
        List.of(Tokens.subscribe("ann", Tokens.NOBODY), subscribe(CHANNEL, "ann"))) {
      SseClient byId = join(newcomer.lastEventId(before));
      byId.expect(clientList("bob", "ann"), connect("ann"), disconnect("ann"));
      byId.upTo(connect("ann"));
      gone(byId, bob);
      SseClient byHistory = join(newcomer.parameter("history", "100"));
      byHistory.expect(clientList("bob", "ann"), connect("ann"));
      gone(byHistory, bob);
    }
  }

  /** Who has no token cannot show that it is still the same. */
  @Test
  default void aMemberWithoutATokenThatComesBackIsGivenNoneOfIts() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = join("ann");
    String before = lastIdOf(ann, connect("ann"));
    bob.upTo(connect("ann"));
    publish(directed("chat", "bob", "1", "ann"));
    ann.close();
    bob.upTo(disconnect("ann"));
    String last = event("chat", "bob", "2");
    publish(last);

    join(subscribe(CHANNEL, "ann").lastEventId(before))
        .expect(clientList("bob", "ann"), disconnect("ann"), last, connect("ann"));
  }

  @Test
  default void aPublisherLearnsWhichEventItWasAndForHowMany() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));
    String event = event("chat", "ann", "1");

    Http.Response toAll = publish(event);
    Http.Response toBob = publish(directed("chat", "ann", "1", "bob"));
    Http.Response byAStranger = publish(event("chat", "stranger", "1"));

    ann.expect(event);
    assertEquals(ann.lastEventId(), toAll.headers().only("Pipely-Event-Id"));
    assertRecipients("2", toAll);
    bob.upTo(directed("chat", "ann", "1", "bob"));
    assertEquals(bob.lastEventId(), toBob.headers().only("Pipely-Event-Id"));
    assertRecipients("1", toBob);
    assertRecipients("2", byAStranger);
  }

  /** A member is gone for good: by its token, where it has one, or else with its connection. */
  private void gone(SseClient ann, SseClient bob) throws Exception {
    ann.close();
    ask(RawRequest.leave(CHANNEL, "ann", Tokens.NOBODY));
    bob.upTo(disconnect("ann"));
  }

  private static String lastIdOf(SseClient client, String event) {
    client.upTo(event);
    return client.lastEventId();
  }

  private static void assertRecipients(String expected, Http.Response response) {
    assertAccepted(response);
    assertEquals(expected, response.headers().only("Pipely-Recipients"));
  }

  /** What came after an event. */
  private static List<String> after(String event, List<String> events) {
    return events.subList(events.indexOf(event) + 1, events.size());
  }
}
