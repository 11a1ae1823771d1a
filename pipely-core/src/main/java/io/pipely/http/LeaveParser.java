package io.pipely.http;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of a leave request: one object. */
final class LeaveParser {

  private static final List<String> FIELDS = List.of("channel_id", "client_id", "token");

  private final JsonBody json;
  private String channelId = "";
  private String clientId = "";
  private @Nullable String token;

  private LeaveParser(JsonBody json) {
    this.json = json;
  }

  /** Who leaves what. */
  record Body(String channelId, String clientId, @Nullable String token) {
    /** Without the token, so that it reaches no log. */
    @Override
    public String toString() {
      return "Body[" + channelId + ", " + clientId + "]";
    }
  }

  static Body parse(byte[] body) throws BadRequest {
    return JsonBody.read(body, (json, first) -> new LeaveParser(json).body(first));
  }

  private Body body(JsonToken first) throws IOException, BadRequest {
    if (first != JsonToken.START_OBJECT) {
      throw JsonText.malformed("it begins with another kind of value");
    }
    json.object(FIELDS, this::take);
    return new Body(channelId, clientId, token);
  }

  private void take(String name, JsonToken value) throws IOException, BadRequest {
    String text = json.string(name, value);
    switch (name) {
      case "channel_id" -> channelId = text;
      case "client_id" -> clientId = text;
      case "token" -> token = text;
      default -> throw new IllegalStateException(name);
    }
  }
}
