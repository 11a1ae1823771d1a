package io.pipely.http;

import com.fasterxml.jackson.core.JsonToken;
import io.pipely.Caller;
import io.pipely.Credentials;
import io.pipely.Payload;
import io.pipely.Publication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a publish request: one event or an array of them. The payload is checked and
 * passed through as it is written, so that a number keeps its digits.
 */
final class PublishParser {

  private static final List<String> FIELDS =
      List.of("channel_id", "type", "origin_id", "payload", "to", "echo");

  private final Credentials credentials;
  private final Caller caller;

  private PublishParser(Credentials credentials, Caller caller) {
    this.credentials = credentials;
    this.caller = caller;
  }

  /** What a body asks for; whether it is an array matters for how refusals are worded. */
  record Body(List<Publication> publications, boolean isArray) {}

  /** Reads a body; what it asks for has the secrets and the caller of the request. */
  static Body parse(byte[] body, Credentials credentials, Caller caller) throws BadRequest {
    return JsonBody.read(body, new PublishParser(credentials, caller)::body);
  }

  private Body body(JsonBody json, JsonToken first) throws IOException, BadRequest {
    if (first == JsonToken.START_OBJECT) {
      return new Body(List.of(event(json)), false);
    }
    if (first != JsonToken.START_ARRAY) {
      throw JsonText.malformed("it begins with another kind of value");
    }
    List<Publication> publications = new ArrayList<>();
    while (json.next() != JsonToken.END_ARRAY) {
      try {
        publications.add(element(json));
      } catch (BadRequest e) {
        throw e.at(publications.size());
      }
    }
    return new Body(publications, true);
  }

  private Publication element(JsonBody json) throws IOException, BadRequest {
    if (!json.isObject()) {
      throw JsonText.malformed("the event is another kind of value");
    }
    return event(json);
  }

  private Publication event(JsonBody json) throws IOException, BadRequest {
    Fields fields = new Fields(json);
    json.object(FIELDS, fields::take);
    return Publication.of(fields.channelId, fields.type, fields.originId, fields.payload)
        .credentials(credentials)
        .to(fields.to)
        .echo(fields.isEcho)
        .caller(caller);
  }

  /** What has been read of one event. */
  private static final class Fields {

    private final JsonBody json;
    private String channelId = "";
    private String type = "";
    private String originId = "";
    private Payload payload = Payload.NULL;
    private @Nullable List<String> to;
    private boolean isEcho = true;

    Fields(JsonBody json) {
      this.json = json;
    }

    void take(String name, JsonToken value) throws IOException, BadRequest {
      switch (name) {
        case "channel_id" -> channelId = json.string(name, value);
        case "type" -> type = json.string(name, value);
        case "origin_id" -> originId = json.string(name, value);
        case "payload" -> payload = json.any();
        case "to" -> to = json.strings(name, value);
        case "echo" -> isEcho = json.flag(name, value, true);
        default -> throw new IllegalStateException(name);
      }
    }
  }
}
