package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.quoted;
import static io.pipely.contract.RawRequest.get;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is there, without joining: /channel and /channels. */
public interface LookContract extends Contract {

  String THE_KEY = "the-key-of-the-server";

  @Test
  default void aChannelSaysWhoIsThereInOrderOfJoining() throws Exception {
    for (String id : List.of("zoe", "Bob", "ann")) {
      join(id).upTo(Events.connect(id));
    }

    String body = channel(CHANNEL, false, "zoe", "Bob", "ann");
    assertJson(body, ask(get("/channel/" + CHANNEL)));
    assertJson(body, ask(get("/channel").parameter("channelId", CHANNEL)));
  }

  @Test
  default void whoIsToldToHaveLeftIsNotThere() throws Exception {
    SseClient ann = join("ann");
    SseClient bob = join("bob");
    ann.upTo(Events.connect("bob"));
    bob.close();
    ann.expect(Events.disconnect("bob"));

    assertJson(channel(CHANNEL, false, "ann"), ask(get("/channel/" + CHANNEL)));
  }

  @Test
  default void whoMayComeBackIsStillThere() throws Exception {
    ServedPipely served = serveBy(rules -> rules.grace(GraceContract.LONG));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(Events.connect("ann"));
    ann.close();
    served.awaitLost("ann");

    assertJson(channel(CHANNEL, false, "ann"), served.ask(get("/channel/" + CHANNEL)));
  }

  @Test
  default void aChannelWithAPasswordIsLookedAtWithItOrWithTheServersKey() throws Exception {
    ServedPipely served = serveBy(rules -> rules.serverKey(THE_KEY));
    served.join(subscribe(CHANNEL, "ann", "secret")).upTo(Events.connect("ann"));

    for (RawRequest look :
        List.of(get("/channel/" + CHANNEL), get("/channel?channelId=" + CHANNEL))) {
      assertJson(channel(CHANNEL, true, "ann"), served.ask(look.password("secret")));
      assertJson(channel(CHANNEL, true, "ann"), served.ask(look.serverKey(THE_KEY)));
      for (RawRequest wrong :
          List.of(
              look,
              look.password("wrong"),
              look.password(THE_KEY),
              look.serverKey("wrong"),
              look.serverKey("secret"))) {
        Http.Response response = served.ask(wrong);
        assertRefused(401, "wrong_password", PasswordContract.WRONG, response);
        assertEquals("Password realm=\"channel\"", response.headers().only("WWW-Authenticate"));
      }
    }
  }

  @Test
  default void whereThereIsNoKeyNoneOpensAChannel() throws Exception {
    join("ann", "secret").upTo(Events.connect("ann"));

    for (String key : List.of("", "null", THE_KEY)) {
      assertRefused(
          401,
          "wrong_password",
          PasswordContract.WRONG,
          ask(get("/channel/" + CHANNEL).serverKey(key)));
    }
  }

  @Test
  default void aChannelThatDoesNotExistIsNotFound() throws Exception {
    ServedPipely served = serveBy(rules -> rules.serverKey(THE_KEY));

    for (RawRequest look :
        List.of(
            get("/channel/" + CHANNEL),
            get("/channel?channelId=" + CHANNEL),
            get("/channel/" + CHANNEL).password("secret"),
            get("/channel/" + CHANNEL).serverKey(THE_KEY))) {
      assertRefused(404, "no_such_channel", PublishContract.NO_CHANNEL, served.ask(look));
    }
  }

  @Test
  default void anIdThatAPathCannotCarryAsItIsIsPercentEncoded() throws Exception {
    Map<String, String> pathsById =
        Map.of(
            "with a space", "with%20a%20space",
            "mit-umläuten", "mit-uml%C3%A4uten",
            "plus+plus+++", "plus+plus+++",
            "what?&=#-ok.", "what%3F&=%23-ok.",
            "😀😀😀😀😀😀😀😀😀😀😀😀", "%F0%9F%98%80".repeat(12));
    for (Map.Entry<String, String> each : pathsById.entrySet()) {
      String id = each.getKey();
      join(subscribe(id, "ann")).upTo(Events.event(id, "CONNECT", "ann", "null"));

      assertJson(channel(id, false, "ann"), ask(get("/channel/" + each.getValue())));
      assertJson(channel(id, false, "ann"), ask(get("/channel").parameter("channelId", id)));
    }
  }

  /** Servers and proxies take some of these for parts of the path, and refuse others. */
  @Test
  default void anIdThatNoPathCanCarryIsAParameter() throws Exception {
    for (String id :
        List.of(
            "a/b/c/d/e/f/",
            "../../../abc",
            "back\\slash\\\\",
            "a;b=c;d;e;f;",
            "100%-percent",
            "%41%41%41%41")) {
      join(subscribe(id, "ann")).upTo(Events.event(id, "CONNECT", "ann", "null"));

      assertJson(channel(id, false, "ann"), ask(get("/channel").parameter("channelId", id)));
    }
  }

  @Test
  default void idsAreQuotedInWhatALookTells() throws Exception {
    String id = "\"quo\\ted\"\u2028]}";
    join(subscribe(id, "\"ann\\\"")).upTo(Events.event(id, "CONNECT", "\"ann\\\"", "null"));

    assertJson(channel(id, false, "\"ann\\\""), ask(get("/channel").parameter("channelId", id)));
  }

  @Test
  default void allChannelsAreLookedAtWithTheServersKey() throws Exception {
    ServedPipely served = serveBy(rules -> rules.serverKey(THE_KEY));
    RawRequest look = get("/channels").serverKey(THE_KEY);
    assertJson("[]", served.ask(look));
    served.join(subscribe(CHANNEL, "ann", "secret")).upTo(Events.connect("ann"));
    assertJson("[" + counted(CHANNEL, true, 1) + "]", served.ask(look));
    served.join(subscribe(CHANNEL, "bob", "secret")).upTo(Events.connect("bob"));
    served.join(subscribe("umlaut-ä-ö-ü", "ann")).next();

    String one = counted(CHANNEL, true, 2);
    String other = counted("umlaut-ä-ö-ü", false, 1);
    Http.Response response = served.ask(look);

    // They are in no particular order.
    assertTrue(
        Set.of("[" + one + "," + other + "]", "[" + other + "," + one + "]")
            .contains(asWeWriteIt(response.text())),
        response::toString);
  }

  @Test
  default void allChannelsAreLookedAtByNobodyElse() throws Exception {
    ServedPipely served = serveBy(rules -> rules.serverKey(THE_KEY));
    RawRequest look = get("/channels");
    List<Http.Response> refused = new ArrayList<>();
    for (RawRequest each :
        List.of(
            look,
            look.serverKey("wrong"),
            look.serverKey(THE_KEY + "x"),
            look.serverKey(THE_KEY.toUpperCase(Locale.ROOT)),
            look.password(THE_KEY),
            look.parameter("serverKey", THE_KEY))) {
      refused.add(served.ask(each));
    }
    // And where there is no key at all.
    refused.add(ask(look));
    refused.add(ask(look.serverKey("")));
    refused.add(ask(look.serverKey("null")));

    for (Http.Response response : refused) {
      assertRefused(
          403,
          "looking_needs_server_key",
          "looking at all channels needs the server key",
          response);
    }
  }

  private static String channel(String id, boolean isProtected, String... clients) {
    return head(id, isProtected) + Events.array(clients) + "}";
  }

  private static String counted(String id, boolean isProtected, int clients) {
    return head(id, isProtected) + clients + "}";
  }

  private static String head(String id, boolean isProtected) {
    return "{\"channel_id\":" + quoted(id) + ",\"protected\":" + isProtected + ",\"clients\":";
  }

  /** The same JSON with the same order of fields, however its characters are escaped. */
  private static String asWeWriteIt(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json).toString();
  }

  private static void assertJson(String expected, Http.Response response) {
    assertAll(
        () -> assertEquals(200, response.status(), response::toString),
        () -> assertEquals(expected, asWeWriteIt(response.text())),
        () ->
            assertTrue(
                response.headers().only("Content-Type").startsWith("application/json"),
                response::toString),
        () -> assertEquals("no-store", response.headers().only("Cache-Control")),
        () -> assertEquals("*", response.headers().only("Access-Control-Allow-Origin")));
  }
}
