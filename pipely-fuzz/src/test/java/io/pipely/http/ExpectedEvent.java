package io.pipely.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the protocol's document says that an event of a publish request means.
 *
 * @param to empty where it is for everybody
 */
record ExpectedEvent(
    String channelId,
    String type,
    String originId,
    Json payload,
    Optional<List<String>> to,
    boolean isEcho) {

  /** Levels of arrays and objects. */
  static final int MAX_DEPTH = 64;

  /** The events of a body: one, or an array of them. */
  static List<ExpectedEvent> of(byte[] body) throws StrictJson.Refused {
    Json json = StrictJson.read(body, MAX_DEPTH);
    if (!json.isUnicode()) {
      throw new StrictJson.Refused("half of a surrogate pair");
    }
    return ofAll(json instanceof Json.Array array ? array.values() : List.of(json));
  }

  private static List<ExpectedEvent> ofAll(List<Json> values) throws StrictJson.Refused {
    ExpectedEvent[] events = new ExpectedEvent[values.size()];
    for (int i = 0; i < events.length; i++) {
      events[i] = of(values.get(i));
    }
    return List.of(events);
  }

  private static ExpectedEvent of(Json json) throws StrictJson.Refused {
    if (!(json instanceof Json.Fields object)) {
      throw new StrictJson.Refused("not an object");
    }
    Map<String, Json> fields = new HashMap<>();
    for (Json.Field field : object.fields()) {
      if (fields.put(field.name().text(), field.value()) != null) {
        throw new StrictJson.Refused("a field is there twice");
      }
    }
    return new ExpectedEvent(
        text(fields.get("channel_id")),
        text(fields.get("type")),
        text(fields.get("origin_id")),
        fields.getOrDefault("payload", Json.NULL),
        recipients(fields.getOrDefault("to", Json.NULL)),
        flag(fields.getOrDefault("echo", Json.NULL)));
  }

  private static String text(Json json) throws StrictJson.Refused {
    if (json == null || json.equals(Json.NULL)) {
      return "";
    }
    if (json instanceof Json.Text text) {
      return text.text();
    }
    throw new StrictJson.Refused("not a string");
  }

  private static Optional<List<String>> recipients(Json json) throws StrictJson.Refused {
    if (json.equals(Json.NULL)) {
      return Optional.empty();
    }
    List<Json> values = json instanceof Json.Array array ? array.values() : List.of(json);
    String[] ids = new String[values.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!(values.get(i) instanceof Json.Text text)) {
        throw new StrictJson.Refused("not a string");
      }
      ids[i] = text.text();
    }
    return Optional.of(List.of(ids));
  }

  private static boolean flag(Json json) throws StrictJson.Refused {
    if (json instanceof Json.Word word) {
      return !word.word().equals("false");
    }
    throw new StrictJson.Refused("neither true nor false");
  }
}
