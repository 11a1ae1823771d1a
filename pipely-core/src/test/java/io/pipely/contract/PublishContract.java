package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fields of a published event: who gets it, and how it is refused. */
public interface PublishContract extends Contract {

  String CHANNEL_ID_RULE = "channel id must be twelve characters long";
  String TYPE_RULE = "invalid event type, must not be shorter than one character";
  String ORIGIN_ID_RULE = "origin id must not be shorter than three characters";
  String NO_CHANNEL = "channel with given id does not exist";
  String RESERVED = "event type is reserved";

  @Test
  default void anEventGoesToEveryMemberThePublisherIncluded() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));
    String event = event("chat", "ann", "{\"text\":\"hello\"}");

    assertAccepted(publish(event));

    ann.expect(event);
    bob.expect(event);
  }

  @Test
  default void thePublisherNeedNotBeAMember() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    for (String origin : List.of("stranger", "server")) {
      String event = event("chat", origin, "1");

      assertAccepted(publish(event));

      ann.expect(event);
    }
  }

  @Test
  default void aMissingPayloadIsNull() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertAccepted(publish(body(quoted(CHANNEL), quoted("chat"), quoted("ann"))));

    ann.expect(event("chat", "ann", "null"));
  }

  @Test
  default void unknownFieldsAreIgnored() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertAccepted(
        publish(
            "{\"x\":1,\"channel_id\":\"channel-0001\",\"y\":{\"type\":[]},\"type\":\"chat\","
                + "\"origin_id\":\"ann\",\"payload\":1,\"z\":[[],{}],\"\":null}"));

    ann.expect(event("chat", "ann", "1"));
  }

  @Test
  default void namesOfFieldsAreExact() throws Exception {
    join("ann").upTo(connect("ann"));

    assertRefused(
        400,
        TYPE_RULE,
        publish("{\"channel_id\":\"channel-0001\",\"Type\":\"chat\",\"origin_id\":\"ann\"}"));
  }

  @Test
  default void theOrderOfFieldsIsFreeAndTheEventsIsFixed() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertAccepted(
        publish(
            "{\"payload\":1,\"origin_id\":\"ann\",\"type\":\"chat\","
                + "\"channel_id\":\"channel-0001\"}"));

    ann.expect(event("chat", "ann", "1"));
  }

  @Test
  default void theBodyIsJsonWhateverItsContentTypeSays() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", "\"ä\"");
    RawRequest request = RawRequest.publish(event);
    List<String> contentTypes =
        List.of(
            "application/json",
            "text/plain",
            "text/plain; charset=iso-8859-1",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/octet-stream",
            "nonsense");

    for (String contentType : contentTypes) {
      assertAccepted(ask(request.header("Content-Type", contentType)));
      ann.expect(event);
    }
    assertAccepted(ask(request));
    ann.expect(event);
  }

  @Test
  default void theChannelIdHasTwelveCharacters() throws Exception {
    for (String id : List.of("", "elevenchars", "thirteenchars", "😀😀😀😀😀😀")) {
      assertRefused(400, CHANNEL_ID_RULE, publish(body(quoted(id), quoted("chat"), quoted("ann"))));
    }
  }

  @Test
  default void theTypeHasAtLeastOneCharacter() throws Exception {
    join("ann").upTo(connect("ann"));

    assertRefused(400, TYPE_RULE, publish(body(quoted(CHANNEL), quoted(""), quoted("ann"))));
    assertAccepted(publish(body(quoted(CHANNEL), quoted(" "), quoted("ann"))));
  }

  @Test
  default void theOriginIdHasAtLeastThreeCharacters() throws Exception {
    join("ann").upTo(connect("ann"));

    for (String id : List.of("", "ab", "😀😀")) {
      assertRefused(
          400, ORIGIN_ID_RULE, publish(body(quoted(CHANNEL), quoted("chat"), quoted(id))));
    }
    assertAccepted(publish(body(quoted(CHANNEL), quoted("chat"), quoted("😀😀😀"))));
  }

  @Test
  default void aMissingFieldAndNullAreEmpty() throws Exception {
    assertRefused(400, CHANNEL_ID_RULE, publish("{}"));
    assertRefused(400, CHANNEL_ID_RULE, publish(body("null", quoted("chat"), quoted("ann"))));
    assertRefused(400, TYPE_RULE, publish(body(quoted(CHANNEL), "null", quoted("ann"))));
    assertRefused(400, TYPE_RULE, publish("{\"channel_id\":\"channel-0001\"}"));
    assertRefused(400, ORIGIN_ID_RULE, publish(body(quoted(CHANNEL), quoted("chat"), "null")));
    assertRefused(
        400, ORIGIN_ID_RULE, publish("{\"channel_id\":\"channel-0001\",\"type\":\"chat\"}"));
  }

  @Test
  default void idsAndTypesHaveAtMost128Characters() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String longest = "😀".repeat(128);

    assertRefused(
        400,
        "event type must not be longer than 128 characters",
        publish(event(longest + "a", "ann", "1")));
    assertRefused(
        400,
        "origin id must not be longer than 128 characters",
        publish(event("chat", longest + "a", "1")));
    assertAccepted(publish(event(longest, longest, "1")));

    ann.expect(event(longest, longest, "1"));
  }

  @Test
  default void idsAndTypesOfAnEventHaveNoControlCharacters() throws Exception {
    join("ann").upTo(connect("ann"));

    for (String control : List.of("\0", "\n", "\r", "\t", "\u001f", "\u007f", "\u0085")) {
      assertRefused(
          400,
          "channel id must not contain control characters",
          publish(event("channel-000" + control, "chat", "ann", "1")));
      assertRefused(
          400,
          "event type must not contain control characters",
          publish(event("chat" + control, "ann", "1")));
      assertRefused(
          400,
          "origin id must not contain control characters",
          publish(event("chat", "ann" + control, "1")));
    }
  }

  /** Or a client could write fields of its own into everybody's events. */
  @Test
  default void quotesAndBackslashesInIdsAndTypesDoNotEndTheirStrings() throws Exception {
    String channelId = "\\\",\"type\":\"x"; // twelve characters
    SseClient ann = join(RawRequest.subscribe(channelId, "ann\"\\"));
    ann.expect(
        event(channelId, "CLIENT_LIST", "server", "[" + quoted("ann\"\\") + "]"),
        event(channelId, "CONNECT", "ann\"\\", "null"));
    String event = event(channelId, "\",\"origin_id\":\"server\\", "\\\"bob", "1");

    assertAccepted(publish(event));

    ann.expect(event);
  }

  @Test
  default void theBuiltInTypesCannotBePublished() throws Exception {
    join("ann").upTo(connect("ann"));

    for (String type :
        List.of("CONNECT", "DISCONNECT", "CLIENT_LIST", "GAP", "REPLACED", "REFUSED")) {
      assertRefused(400, RESERVED, publish(event(type, "ann", "1")));
    }
  }

  @Test
  default void aTypeThatOnlyResemblesABuiltInOneIsAnyType() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    for (String type : List.of("connect", "CONNECTED", " GAP")) {
      assertAccepted(publish(event(type, "ann", "1")));
      ann.expect(event(type, "ann", "1"));
    }
  }

  @Test
  default void aChannelWithoutMembersDoesNotExist() throws Exception {
    assertRefused(404, NO_CHANNEL, publish(event("chat", "ann", "1")));
  }

  /** Each body here would be refused for several reasons; the first in order is told. */
  @Test
  default void theChecksOfAnEventAreMadeInOrder() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    Answers.assertRefusedInDetail(400, BodyContract.MALFORMED, publish(event("", "", "") + "x"));
    assertRefused(400, CHANNEL_ID_RULE, publish(event("short", "", "", "1")));
    assertRefused(400, TYPE_RULE, publish(event("", "", "1")));
    assertRefused(400, RESERVED, publish(event("GAP", "", "1")));
    assertRefused(400, ORIGIN_ID_RULE, publish(event("chat", "", "1")));
    assertRefused(400, ORIGIN_ID_RULE, publish(event("no such chan", "chat", "", "1")));
    assertRefused(404, NO_CHANNEL, publish(event("no such chan", "chat", "ann", "1")));
    assertRefused(401, "invalid channel password", publish(event("chat", "ann", "1")));
  }

  @Test
  default void anEventThatIsRefusedReachesNobody() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    publish(event("GAP", "ann", "1"));
    publish(event("chat", "ann", "{"));
    publish(event("chat", "a", "1"));

    String event = event("chat", "ann", "2");
    publish(event);
    ann.expect(event);
  }

  @Test
  default void aBodyMayComeInChunks() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", quoted("x".repeat(30_000)));

    assertAccepted(
        ask(RawRequest.of("POST", "/publish").chunkedBody(event.getBytes(StandardCharsets.UTF_8))));

    ann.expect(event);
  }

  @Test
  default void aClientMayAskWhetherToSendTheBody() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    String event = event("chat", "ann", "1");

    assertAccepted(ask(RawRequest.publish(event).header("Expect", "100-continue")));

    ann.expect(event);
  }

  /** The body of an event out of JSON values, without a payload. */
  private static String body(String channelId, String type, String originId) {
    return "{\"channel_id\":"
        + channelId
        + ",\"type\":"
        + type
        + ",\"origin_id\":"
        + originId
        + "}";
  }
}
