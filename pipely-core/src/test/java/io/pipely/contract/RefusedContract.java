package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals that a page can read which has nothing but an EventSource: errors=event. */
public interface RefusedContract extends Contract {

  private static RawRequest asEvent(RawRequest subscribe) {
    return subscribe.parameter("errors", "event");
  }

  /** One frame, a clean end, and a wait: an EventSource comes back by itself after a clean end. */
  private void assertRefused(
      String channelId, int status, String word, String message, RawRequest subscribe)
      throws Exception {
    assertRefused(served(), channelId, status, word, message, subscribe);
  }

  private static void assertRefused(
      ServedPipely served,
      String channelId,
      int status,
      String word,
      String message,
      RawRequest subscribe)
      throws Exception {
    SseClient client = served.join(subscribe);
    String payload =
        "{\"status\":%d,\"error\":\"%s\",\"message\":%s}".formatted(status, word, quoted(message));
    client.expect(event(channelId, "REFUSED", "server", payload));
    client.expectEnd();
    assertEquals(1, client.frames().size(), client::toString);
    List<String> frame = client.frames().get(0);
    assertTrue(Frames.retry(frame).orElse(0) >= 24_000, frame::toString);
    assertTrue(Frames.id(frame).isEmpty(), frame::toString);
    assertEquals(word, client.headers().only("Pipely-Error"));
    assertEquals("*", client.headers().only("Access-Control-Allow-Origin"));
  }

  @Test
  default void aRefusalByTheRulesIsOneEvent() throws Exception {
    String taken = "client id already used in channel";
    join("ann", "secret").upTo(connect("ann"));

    assertRefused(
        CHANNEL,
        401,
        "wrong_password",
        "invalid channel password",
        asEvent(RawRequest.subscribe(CHANNEL, "bob", "wrong")));
    assertRefused(
        CHANNEL,
        400,
        "client_id_taken",
        taken,
        asEvent(RawRequest.subscribe(CHANNEL, "ANN", "secret")));
    assertRefused(
        CHANNEL,
        400,
        "client_id_reserved",
        "client id must not be 'server'",
        asEvent(RawRequest.subscribe(CHANNEL, "server")));
    Answers.assertRefused(
        400, "client_id_taken", taken, ask(RawRequest.subscribe(CHANNEL, "ann", "secret")));
  }

  @Test
  default void theChannelIdIsTheClientsWhateverItIs() throws Exception {
    String message = "channel id must be twelve characters long";
    for (String channelId :
        List.of("", "short", "\"}\n\ndata: {\\ {", "\r\n\u0000\u2028", "\uD83D\uDE00\u00e9")) {
      assertRefused(
          channelId,
          400,
          "invalid_channel_id",
          message,
          asEvent(RawRequest.subscribe(channelId, "ann")));
    }
    assertRefused("", 400, "invalid_channel_id", message, asEvent(RawRequest.get("/subscribe")));
  }

  @Test
  default void aQueryThatCannotBeReadIsRefusedByAnEventAsFarAsTheParameterCan() throws Exception {
    RawRequest subscribe = asEvent(RawRequest.subscribe(CHANNEL, "ann"));
    assertRefused(
        CHANNEL,
        400,
        "repeated_parameter",
        "parameter 'clientId' must not be given twice",
        subscribe.parameter("clientId", "bob"));
    assertRefused(
        CHANNEL,
        400,
        "malformed_query",
        "query must be percent-encoded UTF-8: it is not UTF-8",
        RawRequest.get("/subscribe?clientId=%FF&errors=event&channelId=" + CHANNEL));
    assertRefused(
        CHANNEL,
        400,
        "invalid_history",
        "history must be a number and not negative",
        subscribe.parameter("history", "-1"));
  }

  @Test
  default void aRefusalForNowIsOneEventToo() throws Exception {
    ServedPipely served = serveBy(rules -> rules.maxMembers(1));
    served.join(RawRequest.subscribe(CHANNEL, "ann")).upTo(connect("ann"));

    assertRefused(
        served,
        CHANNEL,
        503,
        "channel_full",
        "channel has as many members as it may have",
        asEvent(RawRequest.subscribe(CHANNEL, "bob")));
  }

  @Test
  default void whoIsNotRefusedSeesNoDifference() throws Exception {
    SseClient ann = join(asEvent(RawRequest.subscribe(CHANNEL, "ann")));
    ann.expect(clientList("ann"), connect("ann"));
    assertEquals(List.of(), ann.headers().all("Pipely-Error"));
    assertEquals(405, ask(RawRequest.of("POST", "/subscribe?errors=event")).status());
  }
}
