package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Stats;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Connections: how long they last, what comes over them, and that nothing of them is left. */
public interface ConnectionContract extends Contract {

  @Test
  default void manyEventsArePublishedOverOneConnection() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    try (Http http = Http.connect(served().uri())) {
      for (int i = 0; i < 1000; i++) {
        String event = event("chat", "ann", String.valueOf(i));
        assertAccepted(http.ask(RawRequest.publish(event)));
        ann.expect(event);
      }
    }
  }

  /**
   * After a 400 a server may close the connection, as Tomcat does: what follows could be rubbish.
   */
  @Test
  default void aRefusalDoesNotSpoilTheConnection() throws Exception {
    SseClient ann = join("ann", "secret");
    ann.upTo(connect("ann"));
    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));

    try (Http http = Http.connect(served().uri())) {
      for (int i = 0; i < 10; i++) {
        assertEquals(401, http.ask(event).status());
        assertEquals(404, http.ask(RawRequest.get("/nothing")).status());
        assertEquals(405, http.ask(RawRequest.get("/publish")).status());
        assertAccepted(http.ask(event.password("secret")));
      }
    }
  }

  @Test
  default void aRequestMayComeByteByByte() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", "\"😀\"");

    try (Http http = Http.connect(served().uri())) {
      for (byte b : RawRequest.publish(event).bytes(served().uri())) {
        http.send(new byte[] {b});
      }
      assertAccepted(http.answerTo("POST"));
    }

    ann.expect(event);
  }

  @Test
  default void twoRequestsMayComeAtOnce() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    byte[] one = RawRequest.publish(event("chat", "ann", "1")).bytes(served().uri());
    byte[] two = Arrays.copyOf(one, one.length * 2);
    System.arraycopy(one, 0, two, one.length, one.length);

    try (Http http = Http.connect(served().uri())) {
      http.send(two);
      assertAccepted(http.answerTo("POST"));
      assertAccepted(http.answerTo("POST"));
    }

    ann.expect(event("chat", "ann", "1"), event("chat", "ann", "1"));
  }

  @Test
  default void nothingIsLeftOfClientsThatConnectAndVanish() throws Exception {
    join("first").close(); // What a server sets up once is set up now.
    awaitThatAllHaveLeft();
    OptionalInt before = Jvm.openDescriptors();

    Together.run(
        8,
        thread -> {
          for (int i = 0; i < 250; i++) {
            connectAndVanish("channel-000" + i % 7, "client-" + thread + "-" + i, i % 5);
          }
        });

    awaitThatAllHaveLeft();
    if (before.isPresent()) {
      await()
          .atMost(Patience.ONE)
          .until(() -> Jvm.openDescriptors().orElseThrow() < before.getAsInt() + 20);
    }
    Jvm.awaitNothingOfStreams();
    join("ann").expect(clientList("ann"), connect("ann")); // The server still works.
  }

  private void connectAndVanish(String channelId, String clientId, int how) throws IOException {
    RawRequest subscribe = RawRequest.subscribe(channelId, clientId);
    switch (how) {
      case 0 -> { // in good order, in the middle of the stream
        try (SseClient client = SseClient.open(served().uri(), subscribe)) {
          assertEquals(200, client.status());
          client.next();
        }
      }
      case 1 -> { // with a reset, in the middle of the stream
        SseClient client = SseClient.open(served().uri(), subscribe);
        assertEquals(200, client.status());
        client.next();
        client.abort();
      }
      case 2 -> SseClient.open(served().uri(), subscribe).abort(); // before the answer
      case 3 -> { // within the request
        byte[] request = subscribe.bytes(served().uri());
        try (Http http = Http.connect(served().uri())) {
          http.send(Arrays.copyOf(request, request.length / 2));
        }
      }
      default -> Http.connect(served().uri()).close(); // without a word
    }
  }

  private void awaitThatAllHaveLeft() {
    await()
        .atMost(Patience.MANY)
        .untilAsserted(() -> assertEquals(new Stats(0, 0), served().pipely().stats()));
  }
}
