package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.util.RawValue;
import io.pipely.Caller;
import io.pipely.Credentials;
import io.pipely.Payload;
import java.util.List;

/**
 * A payload that is made of any text, in one of the ways that there are to make one, and what is to
 * be read of it.
 */
record HostilePayload(Payload payload, Json json) {

  /** Where there is no such payload. */
  private static final HostilePayload NONE = new HostilePayload(Payload.NULL, Json.NULL);

  /** The ways are counted from 0 on, and over again. */
  static HostilePayload of(int way, String text) {
    return switch (way % 4) {
      case 0 -> ofClient(text);
      case 1 -> new HostilePayload(Payload.of(text), new Json.Text(text));
      case 2 -> {
        Json value = new Json.Text(text);
        yield new HostilePayload(
            Payload.of(List.of(text, text)), new Json.Array(List.of(value, value)));
      }
      default -> ofRawJson(text);
    };
  }

  /** As a client sends it, where it is JSON; that it is read as what it says is asked elsewhere. */
  private static HostilePayload ofClient(String text) {
    byte[] body = ("{\"payload\":" + text + "}").getBytes(UTF_8);
    try {
      Payload payload =
          PublishParser.parse(body, Credentials.NONE, Caller.APPLICATION)
              .publications()
              .get(0)
              .payload();
      return new HostilePayload(payload, Payloads.json(payload));
    } catch (BadRequest e) {
      return NONE;
    }
  }

  /** As an application has it, with its white space. */
  private static HostilePayload ofRawJson(String text) {
    try {
      Json value = StrictJson.read(text.getBytes(UTF_8), ExpectedEvent.MAX_DEPTH);
      return new HostilePayload(Payload.of(new RawValue(text)), value);
    } catch (StrictJson.Refused e) {
      return NONE;
    }
  }
}
