package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.directed;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.with;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A publisher need not be sent its own event: {@code "echo": false}. */
public interface EchoContract extends Contract {

  @Test
  default void withoutEchoAllButThePublisherReceiveAnEvent() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));
    String last = event("chat", "ann", "2");

    assertRecipients("1", publish(withoutEcho(event("chat", "ANN", "1"))));
    publish(last);

    bob.expect(event("chat", "ANN", "1"), last);
    ann.expect(last);
  }

  @Test
  default void withoutEchoAReplayAndTheHistoryOfThePublisherAreWithoutIt() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));
    String last = event("chat", "bob", "2");
    String own = event("chat", "ann", "1");
    assertAccepted(ask(RawRequest.publish(withoutEcho(own)).token(Tokens.ANN)));
    publish(last);

    join(Tokens.subscribe("ann", Tokens.ANN).lastEventId(ann.lastEventId()))
        .expect(clientList("ann"), last);
    join(Tokens.subscribe("ann", Tokens.ANN).parameter("history", "2"))
        .expect(clientList("ann"), last);
    join(subscribe(CHANNEL, "bob").parameter("history", "2"))
        .expect(clientList("ann", "bob"), own, last, connect("bob"));
  }

  @Test
  default void withoutEchoAnEventOfNoMemberIsForAll() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRecipients("1", publish(withoutEcho(event("chat", "stranger", "1"))));

    ann.expect(event("chat", "stranger", "1"));
  }

  @Test
  default void withoutEchoAnEventForThePublisherToo() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));
    String event = directed("chat", "ann", "1", "ann", "bob");
    String last = event("chat", "ann", "2");

    assertRecipients("1", publish(withoutEcho(event)));
    publish(last);

    bob.expect(event, last);
    ann.expect(last);
  }

  @Test
  default void thePublisherReceivesItsEventWhereEchoIsTrueOrNull() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", "1");

    for (String echo : List.of("true", "null")) {
      assertRecipients("1", publish(with("echo", echo, event)));
      ann.expect(event);
    }
  }

  @Test
  default void echoIsTrueOrFalse() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    for (String bad : List.of("0", "\"false\"", "[]", "{}")) {
      Answers.assertRefusedInDetail(
          400, BodyContract.MALFORMED, publish(with("echo", bad, event("chat", "ann", "1"))));
    }

    String last = event("chat", "ann", "2");
    publish(last);
    ann.expect(last);
  }

  private static String withoutEcho(String event) {
    return with("echo", "false", event);
  }

  private static void assertRecipients(String expected, Http.Response response) {
    assertAccepted(response);
    assertEquals(expected, response.headers().only("Pipely-Recipients"));
  }
}
