package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.directed;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.gap;
import static io.pipely.contract.Events.quoted;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What ends a line ends no frame, and no header: where it may be at all, it arrives as what it is.
 * Lines end for one reader or another with CR, LF, NEL, and Unicode's separators U+2028 and U+2029.
 */
public interface LineEndContract extends Contract {

  /** Those that are control characters. */
  List<String> CONTROLS = List.of("\n", "\r", "\r\n", "\u0085", "\u000b", "\f");

  List<String> SEPARATORS = List.of("\u2028", "\u2029");

  /** What would be an event of its own, if a line end were one. */
  String FORGED = "data: {\"type\":\"forged\"}";

  @Test
  default void inAPayloadItArrivesAsItself() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    for (String end :
        List.of("\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\u0085", "\u2028", "\u2029")) {
      String text = "a" + end + end + FORGED + end + end + "b";
      String event = event("chat", "ann", "{" + quoted(text) + ":" + quoted(text) + "}");

      assertAccepted(publish(event));

      ann.expect(event);
    }
    for (List<String> frame : ann.frames()) {
      assertFalse(frame.contains(FORGED), frame::toString);
    }
  }

  @Test
  default void aControlCharacterIsInNoId() throws Exception {
    join("ann").upTo(connect("ann"));
    for (String end : CONTROLS) {
      String id = "ann" + end + FORGED;
      assertRefused(
          400,
          "client_id_characters",
          "client id must not contain control characters",
          ask(RawRequest.subscribe(CHANNEL, id)));
      assertRefused(
          400,
          "origin_id_characters",
          "origin id must not contain control characters",
          publish(event("chat", id, "1")));
      assertRefused(
          400,
          "event_type_characters",
          "event type must not contain control characters",
          publish(event("chat" + end + FORGED, "ann", "1")));
      assertRefused(
          400,
          "channel_id_characters",
          "channel id must not contain control characters",
          publish(event(("channel-" + end + "0001").substring(0, 12), "chat", "ann", "1")));
      assertRefused(
          404,
          "no_such_client",
          DirectedContract.NO_CLIENT,
          publish(directed("chat", "ann", "1", id)));
    }
  }

  @Test
  default void aSeparatorMayBeInEachIdAndType() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    for (String end : SEPARATORS) {
      String id = "bob" + end + FORGED;
      SseClient bob = join(id);
      bob.expect(clientList("ann", id), connect(id));
      String event = event("chat" + end + FORGED, id, "1");
      String toBob = directed("chat" + end, "ann" + end, "1", id);

      assertAccepted(publish(event));
      assertAccepted(publish(toBob));

      bob.expect(event, toBob);
      ann.expect(connect(id), event);
      bob.close();
      ann.expect(disconnect(id));
    }
    for (List<String> frame : ann.frames()) {
      assertFalse(frame.contains(FORGED), frame::toString);
    }
  }

  @Test
  default void aControlCharacterIsInNoPasswordOfAChannel() throws Exception {
    for (String end : CONTROLS) {
      assertRefused(
          400,
          "invalid_password",
          "invalid password",
          ask(RawRequest.subscribe(CHANNEL, "ann", "sec" + end + "ret")));
    }
    join("ann", "sec\u2028ret").upTo(connect("ann"));
    for (String end : List.of("\n", "\r", "\u0085", "\u2029", "")) {
      assertRefused(
          401,
          "wrong_password",
          PasswordContract.WRONG,
          ask(RawRequest.subscribe(CHANNEL, "bob", "sec" + end + "ret")));
    }
    assertAccepted(ask(RawRequest.publish(event("chat", "ann", "1")).password("sec\u2028ret")));
  }

  @Test
  default void noneIsInAToken() throws Exception {
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    for (String end : List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029")) {
      String token = Tokens.ANN + end;
      assertRefused(
          400,
          "invalid_token",
          "invalid token",
          ask(RawRequest.subscribe(CHANNEL, "bob").parameter("token", token)));
      assertRefused(
          403,
          "client_id_of_another",
          "client id belongs to another client",
          ask(RawRequest.leave(CHANNEL, "ann", token)));
    }
  }

  @Test
  default void inALastEventIdItIsOfNoEvent() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String id = ann.lastEventId();
    for (String end : List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029")) {
      SseClient bob = join(RawRequest.subscribe(CHANNEL, "bob").parameter("lastEventId", id + end));
      bob.expect(clientList("ann", "bob"), gap("invalid"), connect("bob"));
      bob.close();
      ann.expect(connect("bob"), disconnect("bob"));
    }
  }
}
