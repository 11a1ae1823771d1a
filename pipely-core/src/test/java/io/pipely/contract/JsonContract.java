package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Of what is JSON to some and not to others, it is known which it is here; of one event and of an
 * event in an array alike. What is refused is told with its place, and in words of ours.
 */
public interface JsonContract extends Contract {

  Pattern PLACE = Pattern.compile("at (line \\d+, column \\d+|byte \\d+)\n$");

  /** The parser's classes and features are nobody's affair. */
  Pattern INSIDES = Pattern.compile("Exception|com\\.|Json[A-Z]|Stream[A-Z]|ALLOW_|Feature|enable");

  @Test
  default void whatIsNoValueIsRefusedWithItsPlace() throws Exception {
    SseClient ann = annHasJoined();
    for (String value : JsonCorpus.badValues()) {
      assertRefused(JsonCorpus.withPayload(value));
      assertRefused(JsonCorpus.withPayload("[" + value + "]"));
    }
    assertNothingWasPublished(ann);
  }

  @Test
  default void whatIsNoBodyIsRefusedWithItsPlace() throws Exception {
    SseClient ann = annHasJoined();
    for (String body : JsonCorpus.badBodies()) {
      assertRefused(body);
    }
    assertNothingWasPublished(ann);
  }

  @Test
  default void bytesThatAreNoUtf8AreRefusedWithTheirPlace() throws Exception {
    SseClient ann = annHasJoined();
    for (byte[] bytes : JsonCorpus.badBytes()) {
      for (byte[] body : JsonCorpus.holding(bytes)) {
        assertRefused(body);
      }
    }
    assertNothingWasPublished(ann);
  }

  @Test
  default void anotherEncodingIsRefused() throws Exception {
    SseClient ann = annHasJoined();
    String event = event("chat", "ann", "\"\u00e4\"");
    for (Charset charset : JsonCorpus.otherEncodings()) {
      for (String mark : List.of("", "\ufeff")) {
        Http.Response response = ask(RawRequest.publish((mark + event).getBytes(charset)));
        assertRefused(response);
      }
    }
    Http.Response marked = publish("\ufeff" + event);
    assertRefused(marked);
    assertTrue(marked.text().endsWith(": it begins with a byte-order mark\n"), marked::toString);
    assertNothingWasPublished(ann);
  }

  @Test
  default void whatIsAValueArrivesAsTheSameOnce() throws Exception {
    SseClient ann = annHasJoined();
    for (String value : JsonCorpus.goodValues()) {
      String event = event("chat", "ann", value);
      Answers.assertAccepted(publish(event));
      ann.expect(event);
      if (event.length() + 2 <= BodyContract.MOST) {
        Answers.assertAccepted(publish("[" + event + "]"));
        ann.expect(event);
      }
    }
    assertNothingWasPublished(ann);
  }

  @Test
  default void theDeepestValuesArrive() throws Exception {
    SseClient ann = annHasJoined();
    for (String value : JsonCorpus.deepestValues()) {
      String event = event("chat", "ann", value);
      Answers.assertAccepted(publish(event));
      ann.expect(event);
      assertRefused(publish("[" + event + "]")); // In an array it is a level deeper.
    }
    assertNothingWasPublished(ann);
  }

  @Test
  default void anArrayHas64KibibytesAtMostToTheByte() throws Exception {
    SseClient ann = annHasJoined();
    for (String filling : List.of("x", "\u00e4", "\u20ac", "\ud83d\ude00", "\\u0000")) {
      String longest = eventOfBytes(BodyContract.MOST - 2, filling);
      Answers.assertAccepted(publish("[" + longest + "]"));
      ann.expect(longest);
      Answers.assertRefused(
          413, "body_too_large", "body is too large", publish("[" + longest + "] "));
    }
    assertNothingWasPublished(ann);
  }

  private static String eventOfBytes(int bytes, String filling) {
    int rest = bytes - event("chat", "ann", "\"\"").length();
    int each = filling.getBytes(StandardCharsets.UTF_8).length;
    return event("chat", "ann", '"' + filling.repeat(rest / each) + "x".repeat(rest % each) + '"');
  }

  private SseClient annHasJoined() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    return ann;
  }

  private void assertNothingWasPublished(SseClient ann) throws Exception {
    String last = event("last", "ann", "null");
    Answers.assertAccepted(publish(last));
    ann.expect(last);
  }

  private void assertRefused(String body) throws Exception {
    assertRefused(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Alone, and as the second of two events. */
  private void assertRefused(byte[] body) throws Exception {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    array.writeBytes(("[" + event("chat", "ann", "1") + ",").getBytes(StandardCharsets.UTF_8));
    array.writeBytes(body);
    array.write(']');
    for (byte[] each : List.of(body, array.toByteArray())) {
      Http.Response response = ask(RawRequest.publish(each));
      String sent = new String(each, StandardCharsets.ISO_8859_1);
      assertRefused(response);
      assertTrue(PLACE.matcher(response.text()).find(), () -> sent + " -> " + response);
    }
  }

  private static void assertRefused(Http.Response response) {
    assertEquals(400, response.status(), response::toString);
    assertEquals(List.of("malformed_body"), response.headers().all("Pipely-Error"));
    String text = response.text();
    assertTrue(text.matches("(\\d: )?" + BodyContract.MALFORMED + ": .+\n"), response::toString);
    assertFalse(INSIDES.matcher(text).find(), response::toString);
  }
}
