package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.subscribe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A channel's password: given as a parameter to subscribe, in a header to publish. */
public interface PasswordContract extends Contract {

  String WRONG = "invalid channel password";

  @Test
  default void aChannelIsJoinedWithItsPasswordOnly() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    for (String wrong : List.of("wrong", "Secret", "secret ", "secre", "secrets")) {
      assertRefused(401, WRONG, ask(subscribe(CHANNEL, "bob", wrong)));
    }
    join("bob", "secret").expect(clientList("ann", "bob"), connect("bob"));
  }

  @Test
  default void aMissingOrEmptyPasswordIsAWrongOne() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    assertRefused(401, WRONG, ask(subscribe(CHANNEL, "bob")));
    assertRefused(401, WRONG, ask(subscribe(CHANNEL, "bob", "")));
  }

  @Test
  default void anEmptyPasswordIsNone() throws Exception {
    join("ann", "").upTo(connect("ann"));

    join("bob").expect(clientList("ann", "bob"), connect("bob"));
    assertAccepted(publish(event("chat", "ann", "1")));
  }

  @Test
  default void aPasswordForAnExistingChannelWithoutOneIsIgnored() throws Exception {
    join("ann").upTo(connect("ann"));

    join("bob", "secret").expect(clientList("ann", "bob"), connect("bob"));
    join("eve", " not a new password ").expect(clientList("ann", "bob", "eve"));
    assertAccepted(publish(event("chat", "ann", "1")));
  }

  @Test
  default void aNewPasswordHasNoControlCharactersAndNoOuterSpaces() throws Exception {
    for (String bad : List.of(" secret", "secret ", " ", "sec\nret", "sec\tret", "\0", "\u007f")) {
      assertRefused(400, "invalid password", ask(subscribe(CHANNEL, "ann", bad)));
    }
  }

  @Test
  default void aNewPasswordHasAtMost256Characters() throws Exception {
    assertRefused(400, "invalid password", ask(subscribe(CHANNEL, "ann", "😀".repeat(257))));
    String longest = "😀".repeat(256);
    join("ann", longest).upTo(connect("ann"));
    assertAccepted(ask(RawRequest.publish(event("chat", "ann", "1")).password(longest)));
  }

  @Test
  default void onlyWhoKnowsThePasswordPublishes() throws Exception {
    SseClient ann = join("ann", "secret");
    ann.upTo(connect("ann"));
    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));

    assertRefused(401, WRONG, ask(event));
    assertRefused(401, WRONG, ask(event.password("wrong")));
    assertRefused(401, WRONG, ask(event.password("Secret")));
    assertRefused(401, WRONG, ask(event.password("secret2")));
    assertAccepted(ask(event.password("secret")));

    ann.expect(event("chat", "ann", "1"));
  }

  @Test
  default void onlyTheSchemePasswordCounts() throws Exception {
    join("ann", "secret").upTo(connect("ann"));
    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));

    for (String other :
        List.of(
            "secret",
            "Basic secret",
            "Bearer secret",
            "Basic YW5uOnNlY3JldA==",
            "Passwordsecret",
            "Password",
            "Password=secret",
            "")) {
      assertRefused(401, WRONG, ask(event.header("Authorization", other)));
    }
  }

  @Test
  default void allAfterTheOneSpaceIsThePassword() throws Exception {
    String password = "correct  horse, battery; \"staple\" + 100% = Password x";
    join("ann", password).upTo(connect("ann"));
    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));

    assertAccepted(ask(event.password(password)));
    assertRefused(401, WRONG, ask(event.password(" " + password)));
    assertRefused(401, WRONG, ask(event.password("correct horse")));
    assertRefused(401, WRONG, ask(event.password("correct")));
  }

  @Test
  default void aPasswordIsReadAsUtf8() throws Exception {
    join("ann", "pässwörd € 😀").upTo(connect("ann"));

    assertAccepted(publishWith("pässwörd € 😀".getBytes(StandardCharsets.UTF_8)));
  }

  /** This is what a browser's fetch sends. */
  @Test
  default void aPasswordThatIsNotUtf8IsReadAsIso88591() throws Exception {
    join("ann", "pässwörd").upTo(connect("ann"));

    assertAccepted(publishWith("pässwörd".getBytes(StandardCharsets.ISO_8859_1)));
    assertAccepted(publishWith("pässwörd".getBytes(StandardCharsets.UTF_8)));
    assertRefused(401, WRONG, publishWith("passwort".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  default void aChannelWithoutAPasswordAsksForNone() throws Exception {
    join("ann").upTo(connect("ann"));

    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));
    assertAccepted(ask(event.password("whatever")));
    assertAccepted(ask(event.header("Authorization", "Basic YW5uOnNlY3JldA==")));
  }

  private Http.Response publishWith(byte[] password) throws Exception {
    byte[] scheme = "Password ".getBytes(StandardCharsets.US_ASCII);
    byte[] value = new byte[scheme.length + password.length];
    System.arraycopy(scheme, 0, value, 0, scheme.length);
    System.arraycopy(password, 0, value, scheme.length, password.length);
    return ask(RawRequest.publish(event("chat", "ann", "1")).header("Authorization", value));
  }
}
