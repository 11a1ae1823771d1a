package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream need not be told who comes and goes: {@code presence=none}. */
public interface PresenceContract extends Contract {

  @Test
  default void withoutPresenceTheClientListNamesTheMemberItselfAlone() throws Exception {
    join("bob").upTo(connect("bob"));

    join(withoutPresence(subscribe(CHANNEL, "ann"))).expect(clientList("ann"), connect("ann"));
  }

  @Test
  default void withoutPresenceNobodyIsSeenToComeOrGo() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = join(withoutPresence(subscribe(CHANNEL, "ann")));
    SseClient eve = join("eve");
    bob.upTo(connect("eve"));
    eve.close();
    bob.upTo(disconnect("eve"));
    String event = event("chat", "bob", "1");

    publish(event);

    ann.expect(clientList("ann"), connect("ann"), event);
  }

  @Test
  default void withoutPresenceAReplayHoldsNobodysComingAndGoing() throws Exception {
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));
    String lastEventId = bob.lastEventId();
    SseClient eve = join("eve");
    bob.upTo(connect("eve"));
    String event = event("chat", "bob", "1");
    publish(event);
    eve.close();
    bob.upTo(disconnect("eve"));

    join(withoutPresence(subscribe(CHANNEL, "ann")).lastEventId(lastEventId))
        .expect(clientList("ann"), event, connect("ann"));
  }

  @Test
  default void theOthersSeeAMemberWithoutPresenceLikeAnyOther() throws Exception {
    SseClient bob = join("bob");
    SseClient ann = join(withoutPresence(subscribe(CHANNEL, "ann")));
    join("eve").expect(clientList("bob", "ann", "eve"), connect("eve"));

    ann.close();

    bob.expect(
        clientList("bob"), connect("bob"), connect("ann"), connect("eve"), disconnect("ann"));
  }

  /** It is the stream that does without, not the member. */
  @Test
  default void eachStreamOfAMemberHasAPresenceOfItsOwn() throws Exception {
    join("bob").upTo(connect("bob"));
    join(withoutPresence(Tokens.subscribe("Ann", Tokens.ANN))).upTo(connect("Ann"));

    SseClient with = join(Tokens.subscribe("ann", Tokens.ANN));
    with.expect(clientList("bob", "Ann"));
    SseClient without = join(withoutPresence(Tokens.subscribe("ann", Tokens.ANN)));
    without.expect(clientList("Ann"));

    join("eve");
    String event = event("chat", "bob", "1");
    publish(event);
    without.expect(event);
  }

  @Test
  default void thePresenceIsNoneOrLeftOut() throws Exception {
    for (String bad : List.of("all", "None", "NONE", "none ", "true", "0")) {
      assertRefused(
          400,
          "invalid_presence",
          "presence must be 'none' or left out",
          ask(subscribe(CHANNEL, "ann").parameter("presence", bad)));
    }
  }

  private static RawRequest withoutPresence(RawRequest subscribe) {
    return subscribe.parameter("presence", "none");
  }
}
