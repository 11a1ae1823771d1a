package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.pipely.Caller;
import io.pipely.Credentials;
import io.pipely.Publication;
import io.pipely.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Any bytes as the body of a publish request: they are read as what an independent reader says that
 * they mean, or refused where it refuses them too.
 */
public final class PublishFuzz {

  private PublishFuzz() {}

  /** One input. The name is Jazzer's. */
  public static void fuzzerTestOneInput(byte[] body) {
    PublishParser.Body read;
    try {
      read = PublishParser.parse(body.clone(), Credentials.NONE, Caller.APPLICATION);
    } catch (BadRequest e) {
      Refusals.assertDocumented(e, List.of(Refusal.MALFORMED_BODY));
      assertRefused(body, e);
      return;
    }
    List<ExpectedEvent> expected;
    try {
      expected = ExpectedEvent.of(body);
    } catch (StrictJson.Refused e) {
      throw new AssertionError("accepted, and should not have been: " + e.getMessage(), e);
    }
    assertEquals(expected, read.publications().stream().map(PublishFuzz::meant).toList());
  }

  private static void assertRefused(byte[] body, BadRequest why) {
    List<ExpectedEvent> good;
    try {
      good = ExpectedEvent.of(body);
    } catch (StrictJson.Refused e) {
      return;
    }
    fail("refused with '" + why.text() + "', and means " + good);
  }

  private static ExpectedEvent meant(Publication publication) {
    return new ExpectedEvent(
        publication.channelId(),
        publication.type(),
        publication.originId(),
        Payloads.json(publication.payload()),
        Optional.ofNullable(publication.to()),
        publication.isEcho());
  }
}
