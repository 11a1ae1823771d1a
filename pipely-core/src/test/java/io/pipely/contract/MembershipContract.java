package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;

import io.pipely.Stats;
import org.junit.jupiter.api.Test;

/** Who is told what when somebody comes and goes, and how long a channel lives. */
public interface MembershipContract extends Contract {

  @Test
  default void theNewcomerReceivesTheClientListThenItsOwnConnect() throws Exception {
    join("ann").expect(clientList("ann"), connect("ann"));
  }

  @Test
  default void theClientListIsInOrderOfJoiningWithTheNewcomerLast() throws Exception {
    for (String id : new String[] {"zoe", "bob"}) {
      join(id).upTo(connect(id));
    }

    join("ann").expect(clientList("zoe", "bob", "ann"), connect("ann"));
  }

  @Test
  default void theOthersReceiveAConnect() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));

    join("eve");

    ann.expect(connect("bob"), connect("eve"));
    bob.expect(connect("eve"));
  }

  @Test
  default void theOthersReceiveADisconnectWhenAConnectionIsClosed() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));

    bob.close();

    ann.expect(clientList("ann"), connect("ann"), connect("bob"), disconnect("bob"));
  }

  @Test
  default void theOthersReceiveADisconnectWhenAConnectionIsReset() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));

    bob.abort();

    ann.expect(clientList("ann"), connect("ann"), connect("bob"), disconnect("bob"));
  }

  @Test
  default void aDisconnectIsToldOnce() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));
    bob.abort();
    ann.expect(disconnect("bob"));

    // Whatever is told of bob from here on would come ahead of eve.
    join("eve");

    ann.expect(connect("eve"));
  }

  @Test
  default void whoHasLeftIsNoLongerListedAndItsIdIsFree() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    join("eve").upTo(connect("eve"));
    ann.upTo(connect("eve"));
    bob.close();
    ann.expect(disconnect("bob"));

    join("bob").expect(clientList("ann", "eve", "bob"), connect("bob"));

    ann.expect(connect("bob"));
  }

  @Test
  default void channelsKnowNothingOfEachOther() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    SseClient other = join(RawRequest.subscribe("channel-0002", "ann"));
    other.expect(
        event("channel-0002", "CLIENT_LIST", "server", "[\"ann\"]"),
        event("channel-0002", "CONNECT", "ann", "null"));
    publish(event("channel-0002", "chat", "ann", "1"));

    String own = event("chat", "ann", "2");
    publish(own);
    ann.expect(own);
    other.expect(event("channel-0002", "chat", "ann", "1"));
  }

  @Test
  default void channelIdsDifferByCase() throws Exception {
    join("ann").upTo(connect("ann"));

    join(RawRequest.subscribe("CHANNEL-0001", "ann"))
        .expect(event("CHANNEL-0001", "CLIENT_LIST", "server", "[\"ann\"]"));
  }

  @Test
  default void theChannelEndsWithItsLastMember() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.close();
    bob.upTo(disconnect("ann"));
    Answers.assertAccepted(publish(event("chat", "bob", "1")));

    bob.close();

    awaitNoChannels();
    Answers.assertRefused(
        404, "channel with given id does not exist", publish(event("chat", "bob", "1")));
  }

  @Test
  default void aChannelThatHasEndedIsCreatedAnewWithANewPassword() throws Exception {
    join("ann", "first password").close();
    awaitNoChannels();

    SseClient bob = join("bob", "second password");

    bob.expect(clientList("bob"), connect("bob"));
    Answers.assertRefused(
        401,
        "invalid channel password",
        ask(RawRequest.subscribe(CHANNEL, "ann", "first password")));
    join("ann", "second password").expect(clientList("bob", "ann"), connect("ann"));
  }

  @Test
  default void aChannelThatHasEndedIsCreatedAnewWithoutAPassword() throws Exception {
    join("ann", "first password").close();
    awaitNoChannels();

    join("bob").expect(clientList("bob"), connect("bob"));

    Answers.assertAccepted(publish(event("chat", "bob", "1")));
  }

  private void awaitNoChannels() {
    await().atMost(Patience.ONE).until(() -> served().pipely().stats().equals(new Stats(0, 0)));
  }
}
