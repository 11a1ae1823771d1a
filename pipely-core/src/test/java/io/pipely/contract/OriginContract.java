package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who may publish in whose name, over every combination of what that depends on. */
public interface OriginContract extends Contract {

  String KEY = "the-key-of-the-server";
  String PASSWORD = "the password";
  String OPEN = "open-channel";
  String PROTECTED = "with-a-passw";

  /** What a request may say in its Authorization header. */
  List<String> AUTHORIZATIONS =
      List.of(
          "",
          "Password " + PASSWORD,
          "Password wrong",
          "Password " + KEY,
          "Bearer " + KEY,
          "Bearer wrong",
          "Bearer " + PASSWORD);

  List<String> TOKENS = List.of("", Tokens.ANN, Tokens.BOB, Tokens.NOBODY, "malformed");

  /** The members of every channel here, each with its token. */
  Map<String, String> MEMBERS = Map.of("ann", Tokens.ANN, "bob", Tokens.BOB, "eve", "");

  List<String> ORIGINS = List.of("ann", "ANN", "bob", "eve", "server", "SERVER", "nobody");

  /** One request, with all that its answer depends on. */
  record Publish(
      boolean isStrict,
      boolean hasKey,
      String channelId,
      String origin,
      String authorization,
      String token) {

    /** The answer that the protocol's text gives: a status, and the word of a refusal. */
    String expected() {
      String id = origin.toLowerCase(Locale.ROOT);
      boolean isServer = id.equals("server");
      if (isServer && hasKey) {
        if (!authorization.equals("Bearer " + KEY)) {
          return "403 server_key_needed";
        }
      } else if (channelId.equals(PROTECTED) && !authorization.equals("Password " + PASSWORD)) {
        return "401 wrong_password";
      }
      String owner = MEMBERS.getOrDefault(id, "");
      if (!owner.isEmpty() && !owner.equals(token)) {
        return "403 origin_id_of_another";
      }
      if (isStrict && !isServer && !MEMBERS.containsKey(id)) {
        return "403 origin_id_not_a_member";
      }
      return "200";
    }

    RawRequest request(String event) {
      RawRequest request = RawRequest.publish(event);
      if (!authorization.isEmpty()) {
        request = request.header("Authorization", authorization);
      }
      return token.isEmpty() ? request : request.token(token);
    }
  }

  @Test
  default void whoMayPublishInWhoseName() throws Exception {
    for (boolean isStrict : new boolean[] {false, true}) {
      for (boolean hasKey : new boolean[] {false, true}) {
        ServedPipely served =
            serveBy(
                rules -> {
                  rules.strictOrigins(isStrict);
                  return hasKey ? rules.serverKey(KEY) : rules;
                });
        for (String channelId : List.of(OPEN, PROTECTED)) {
          checkAll(isStrict, hasKey, channelId, served);
        }
      }
    }
  }

  private static void checkAll(
      boolean isStrict, boolean hasKey, String channelId, ServedPipely served) throws Exception {
    SseClient witness = open(channelId, served);
    List<String> accepted = new ArrayList<>();
    List<Executable> checks = new ArrayList<>();
    try (Http http = Http.connect(served.uri())) {
      for (String origin : ORIGINS) {
        for (String authorization : AUTHORIZATIONS) {
          for (String token : TOKENS) {
            Publish publish =
                new Publish(isStrict, hasKey, channelId, origin, authorization, token);
            String event = event(channelId, "chat", origin, String.valueOf(checks.size()));
            String expected = publish.expected();
            String answer = answer(http.ask(publish.request(event)));
            checks.add(() -> assertEquals(expected, answer, publish::toString));
            if (expected.equals("200")) {
              accepted.add(event);
            }
          }
        }
      }
    }
    assertAll(checks);
    // And nobody sees an event that was refused.
    for (String event : accepted) {
      witness.expect(event);
    }
  }

  /** Has all members join a channel. */
  private static SseClient open(String channelId, ServedPipely served) throws Exception {
    SseClient eve = served.join(subscribe(channelId, "eve", password(channelId)));
    for (String id : List.of("ann", "bob")) {
      served.join(subscribe(channelId, id, password(channelId)).token(MEMBERS.get(id)));
      eve.upTo(event(channelId, "CONNECT", id, "null"));
    }
    return eve;
  }

  private static String password(String channelId) {
    return channelId.equals(PROTECTED) ? PASSWORD : "";
  }

  private static String answer(Http.Response response) {
    return Stream.concat(
            Stream.of(String.valueOf(response.status())),
            response.headers().all("Pipely-Error").stream())
        .reduce((status, word) -> status + " " + word)
        .orElseThrow();
  }

  @Test
  default void theRefusalsOfOriginsSayWhy() throws Exception {
    ServedPipely served = serveBy(rules -> rules.strictOrigins(true).serverKey(KEY));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN));
    ann.upTo(connect("ann"));

    Answers.assertRefused(
        403,
        "origin_id_of_another",
        "origin id belongs to another client",
        served.ask(RawRequest.publish(event("chat", "ann", "1"))));
    Answers.assertRefused(
        403,
        "origin_id_not_a_member",
        "origin id is not a member of the channel",
        served.ask(RawRequest.publish(event("chat", "nobody", "1"))));
    Answers.assertRefused(
        403,
        "server_key_needed",
        "origin id 'server' needs the server key",
        served.ask(RawRequest.publish(event("chat", "server", "1"))));
  }

  /** The token belongs to the membership, not to the name. */
  @Test
  default void anIdIsFreeForAllWhenItsMemberHasLeft() throws Exception {
    SseClient bob = join("bob");
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    ask(RawRequest.leave(Events.CHANNEL, "ann", Tokens.ANN));
    bob.upTo(Events.disconnect("ann"));

    String event = event("chat", "ann", "1");
    Answers.assertAccepted(publish(event));

    bob.expect(event);
  }

  @Test
  default void aMembersTokenIsStillItsOwnAfterATakeover() throws Exception {
    join(Tokens.subscribe("ann", Tokens.ANN)).upTo(connect("ann"));
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN));
    String event = event("chat", "ann", "1");

    assertEquals(403, publish(event).status());
    Answers.assertAccepted(ask(RawRequest.publish(event).token(Tokens.ANN)));

    ann.upTo(event);
  }
}
