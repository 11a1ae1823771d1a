package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Answers.assertRefusedInDetail;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.get;
import static io.pipely.contract.RawRequest.subscribe;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The parameters of /subscribe: how they are read, and how they are refused. */
public interface SubscribeContract extends Contract {

  String NOT_TWELVE = "channel id must be twelve characters long";
  String TOO_SHORT = "client id must not be shorter than three characters";
  String TAKEN = "client id already used in channel";
  String WRONG_PASSWORD = "invalid channel password";
  String MALFORMED_QUERY = "query must be percent-encoded UTF-8";
  String TWELVE_EMOJI = "😀😀😀😀😀😀😀😀😀😀😀😀";

  @Test
  default void aChannelIdHasTwelveCharacters() throws Exception {
    for (String id : List.of("", "elevenchars", "thirteenchars", "a".repeat(1000))) {
      assertRefused(400, NOT_TWELVE, ask(subscribe(id, "ann")));
    }
  }

  @Test
  default void theChannelIdMustNotBeMissing() throws Exception {
    assertRefused(400, NOT_TWELVE, ask(get("/subscribe?clientId=ann")));
    assertRefused(400, NOT_TWELVE, ask(get("/subscribe?")));
    assertRefused(400, NOT_TWELVE, ask(get("/subscribe")));
  }

  @Test
  default void charactersOfAChannelIdAreCodePointsNotBytesOrCodeUnits() throws Exception {
    join(subscribe(TWELVE_EMOJI, "ann"))
        .expect(
            event(TWELVE_EMOJI, "CLIENT_LIST", "server", "[\"ann\"]"),
            event(TWELVE_EMOJI, "CONNECT", "ann", "null"));

    assertRefused(400, NOT_TWELVE, ask(subscribe("😀😀😀😀😀😀", "ann"))); // 12 code units
    assertRefused(400, NOT_TWELVE, ask(subscribe("😀😀😀", "ann"))); // 12 bytes
    assertRefused(400, NOT_TWELVE, ask(subscribe("öäüöäü", "ann"))); // 12 bytes
  }

  @Test
  default void aClientIdHasAtLeastThreeCharacters() throws Exception {
    assertRefused(400, TOO_SHORT, ask(subscribe(CHANNEL, "")));
    assertRefused(400, TOO_SHORT, ask(subscribe(CHANNEL, "ab")));
    join("abc").expect(clientList("abc"), connect("abc"));
  }

  @Test
  default void theClientIdMustNotBeMissing() throws Exception {
    assertRefused(400, TOO_SHORT, ask(get("/subscribe?channelId=" + CHANNEL)));
    assertRefused(400, TOO_SHORT, ask(get("/subscribe?channelId=" + CHANNEL + "&clientId")));
  }

  @Test
  default void charactersOfAClientIdAreCodePointsNotBytesOrCodeUnits() throws Exception {
    assertRefused(400, TOO_SHORT, ask(subscribe(CHANNEL, "😀😀")));
    join("😀😀😀").expect(clientList("😀😀😀"), connect("😀😀😀"));
  }

  @Test
  default void aClientIdHasAtMost128Characters() throws Exception {
    String tooLong = "client id must not be longer than 128 characters";
    assertRefused(400, tooLong, ask(subscribe(CHANNEL, "a".repeat(129))));
    assertRefused(400, tooLong, ask(subscribe(CHANNEL, "😀".repeat(129))));
    String longest = "😀".repeat(128);
    join(longest).expect(clientList(longest), connect(longest));
  }

  @Test
  default void idsHaveNoControlCharacters() throws Exception {
    for (String control : List.of("\0", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u009f")) {
      assertRefused(
          400,
          "channel id must not contain control characters",
          ask(subscribe("channel-000" + control, "ann")));
      assertRefused(
          400,
          "client id must not contain control characters",
          ask(subscribe(CHANNEL, "ann" + control)));
    }
  }

  @Test
  default void noClientIsCalledServer() throws Exception {
    for (String id : List.of("server", "SERVER", "Server", "\u017ferver")) {
      assertRefused(400, "client id must not be 'server'", ask(subscribe(CHANNEL, id)));
    }
    join("server1").expect(clientList("server1"), connect("server1"));
  }

  @Test
  default void aClientIdThatIsTakenIsRefusedAndItsOwnerKeepsItsStream() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertRefused(400, TAKEN, ask(subscribe(CHANNEL, "ann")));

    String event = event("chat", "ann", "1");
    publish(event);
    ann.expect(event);
  }

  @Test
  default void aRefusalLeavesNoChannelBehind() throws Exception {
    ask(subscribe(CHANNEL, "ab"));

    assertRefused(
        404, "channel with given id does not exist", publish(event("chat", "ann", "null")));
  }

  /** Each request here would be refused for several reasons; the first in order is told. */
  @Test
  default void theChecksAreMadeInOrder() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    assertRefused(400, NOT_TWELVE, ask(subscribe("short", "ab", "wrong")));
    assertRefused(400, NOT_TWELVE, ask(subscribe("short", "server")));
    assertRefused(400, TOO_SHORT, ask(subscribe(CHANNEL, "ab", "wrong")));
    assertRefused(
        400, "client id must not be 'server'", ask(subscribe(CHANNEL, "server", "wrong")));
    assertRefused(401, WRONG_PASSWORD, ask(subscribe(CHANNEL, "ann", "wrong")));
    assertRefused(400, TAKEN, ask(subscribe(CHANNEL, "ann", "secret")));
  }

  @Test
  default void theOrderOfTheParametersIsFree() throws Exception {
    join(get("/subscribe?password=secret&clientId=ann&channelId=" + CHANNEL))
        .expect(clientList("ann"), connect("ann"));
  }

  @Test
  default void unknownParametersAreIgnored() throws Exception {
    join(get("/subscribe?x=1&channelId=" + CHANNEL + "&&y&clientId=ann&=&"))
        .expect(clientList("ann"), connect("ann"));
  }

  @Test
  default void namesOfParametersAreExact() throws Exception {
    assertRefused(400, NOT_TWELVE, ask(get("/subscribe?channelid=" + CHANNEL + "&clientId=ann")));
    assertRefused(400, TOO_SHORT, ask(get("/subscribe?channelId=" + CHANNEL + "&ClientId=ann")));
  }

  @Test
  default void aPlusIsASpaceAndAnEscapedPlusIsAPlus() throws Exception {
    join(get("/subscribe?channelId=" + CHANNEL + "&clientId=ann+b%2Bc%20d"))
        .expect(clientList("ann b+c d"), connect("ann b+c d"));
  }

  @Test
  default void percentEscapesAreUtf8InEitherCase() throws Exception {
    join(get("/subscribe?channelId=%63hannel-0001&clientId=%e2%82%AC%26%3d%25%F0%9f%98%80"))
        .expect(clientList("€&=%😀"), connect("€&=%😀"));
  }

  @Test
  default void anEqualsSignInAValueIsAPartOfIt() throws Exception {
    join(get("/subscribe?channelId=" + CHANNEL + "&clientId=a=b=c"))
        .expect(clientList("a=b=c"), connect("a=b=c"));
  }

  @Test
  default void aBadPercentEscapeIsRefused() throws Exception {
    for (String bad : List.of("%", "%4", "%zz", "%4g", "%%41", "%+1", "%-1", "%u0041")) {
      assertRefusedInDetail(
          400,
          MALFORMED_QUERY,
          ask(get("/subscribe?channelId=" + CHANNEL + "&clientId=ann" + bad)));
    }
  }

  @Test
  default void aParameterThatIsNotUtf8IsRefused() throws Exception {
    List<String> bads =
        List.of(
            "%FF", // never a byte of UTF-8
            "%E4", // ISO-8859-1 for ä
            "%F0%9F%98", // an emoji cut short
            "%C0%AF", // longer than it need be
            "%ED%A0%80", // half of a surrogate pair
            "%F4%90%80%80"); // beyond the last code point
    for (String bad : bads) {
      assertRefusedInDetail(
          400,
          MALFORMED_QUERY,
          ask(get("/subscribe?channelId=" + CHANNEL + "&clientId=ann" + bad)));
    }
  }

  @Test
  default void aParameterIsNotGivenTwice() throws Exception {
    String whole = "/subscribe?channelId=" + CHANNEL + "&clientId=ann&password=secret";
    for (String again : List.of("channelId=" + CHANNEL, "clientId=ann", "clientId=", "password")) {
      assertRefusedInDetail(400, "parameter '", ask(get(whole + "&" + again)));
    }
  }
}
