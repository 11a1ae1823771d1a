package io.pipely.contract;

import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The secrets of a subscriber: what a token looks like, and where secrets may be given. */
public interface TokenContract extends Contract {

  @Test
  default void aTokenHas16To128Characters() throws Exception {
    assertRefusedToken("a".repeat(15));
    assertRefusedToken("a".repeat(129));
    assertRefusedToken("a");

    join(Tokens.subscribe("ann", "a".repeat(16))).expect(clientList("ann"));
    join(Tokens.subscribe("bob", "a".repeat(128))).expect(clientList("ann", "bob"));
  }

  @Test
  default void aTokenIsOfLettersDigitsHyphenDotAndUnderscore() throws Exception {
    for (String bad : List.of(" ", "+", "/", "=", "~", "ä", "😀", "\0", "\n", "\"", "٣")) {
      assertRefusedToken("0123456789abcdef" + bad);
    }

    join(Tokens.subscribe("ann", "azAZ09-._azAZ09-._")).expect(clientList("ann"));
  }

  @Test
  default void anEmptyTokenIsNone() throws Exception {
    join(Tokens.subscribe("ann", "")).expect(clientList("ann"));
    join(subscribe(CHANNEL, "bob").token("")).expect(clientList("ann", "bob"));

    assertRefused(
        400, "client_id_taken", SubscribeContract.TAKEN, ask(Tokens.subscribe("ann", "")));
  }

  @Test
  default void aTokenMayBeAHeaderWhichWinsOverTheParameter() throws Exception {
    SseClient first = join(Tokens.subscribe("ann", Tokens.NOBODY).token(Tokens.ANN));
    first.expect(clientList("ann"), connect("ann"));

    assertRefused(
        400,
        "client_id_taken",
        SubscribeContract.TAKEN,
        ask(Tokens.subscribe("ann", Tokens.ANN).token(Tokens.NOBODY)));
    assertRefused(
        400,
        "invalid_token",
        "invalid token",
        ask(Tokens.subscribe("ann", Tokens.ANN).token("too short")));
    join(Tokens.subscribe("ann", Tokens.ANN)).expect(clientList("ann"));
    first.expect(Events.replaced());
    join(subscribe(CHANNEL, "ann").token(Tokens.ANN)).expect(clientList("ann"));
  }

  /** Each request here would be refused for several reasons; the first in order is told. */
  @Test
  default void theTokenIsCheckedAfterTheIdsAndAheadOfThePassword() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    assertRefused(
        400,
        "client_id_too_short",
        SubscribeContract.TOO_SHORT,
        ask(Tokens.subscribe("a", "too short")));
    assertRefusedToken("too short");
    assertRefused(
        401,
        "wrong_password",
        SubscribeContract.WRONG_PASSWORD,
        ask(Tokens.subscribe("ann", Tokens.ANN)));
  }

  @Test
  default void thePasswordMayBeAHeaderWhichWinsOverTheParameter() throws Exception {
    join(subscribe(CHANNEL, "ann", "parameter").password("secret")).expect(clientList("ann"));

    for (RawRequest wrong :
        List.of(
            subscribe(CHANNEL, "bob", "secret").password("wrong"),
            subscribe(CHANNEL, "bob").password("parameter"),
            subscribe(CHANNEL, "bob", "parameter"))) {
      assertRefused(401, "wrong_password", SubscribeContract.WRONG_PASSWORD, ask(wrong));
    }
    join(subscribe(CHANNEL, "bob").password("secret")).expect(clientList("ann", "bob"));
    join(subscribe(CHANNEL, "eve", "wrong").password("secret"))
        .expect(clientList("ann", "bob", "eve"));
    join("joe", "secret").expect(clientList("ann", "bob", "eve", "joe"));
  }

  @Test
  default void secretsComeBackInNoFrame() throws Exception {
    SseClient ann = join(Tokens.subscribe("ann", Tokens.ANN).password("very-secret"));
    SseClient bob = join(Tokens.subscribe("bob", Tokens.BOB).password("very-secret"));
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));

    for (SseClient client : List.of(ann, bob)) {
      String all = client.headers() + " " + client.frames();
      for (String secret : List.of(Tokens.ANN, Tokens.BOB, "very-secret")) {
        assertFalse(all.contains(secret), all);
      }
    }
  }

  private void assertRefusedToken(String token) throws Exception {
    assertRefused(400, "invalid_token", "invalid token", ask(Tokens.subscribe("ann", token)));
  }
}
