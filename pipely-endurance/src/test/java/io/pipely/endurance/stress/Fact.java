package io.pipely.endurance.stress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * One event as it was received.
 *
 * @param text as it was sent
 * @param payload JSON
 * @param to the members it says that it is directed to; empty where it says nothing
 */
record Fact(
    String text, String channelId, String type, String origin, JsonNode payload, List<String> to) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Fact of(String text) {
    JsonNode json = json(text);
    return new Fact(
        text,
        json.get("channel_id").textValue(),
        json.get("type").textValue(),
        json.get("origin_id").textValue(),
        json.get("payload"),
        json.has("to") ? texts(json.get("to")) : List.of());
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** The strings of an array. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  boolean is(String otherType) {
    return type.equals(otherType);
  }

  boolean isPresence() {
    return is("CONNECT") || is("DISCONNECT");
  }

  /** The ids in a CLIENT_LIST. */
  List<String> ids() {
    return texts(payload);
  }

  /** Of a published event of this program. */
  String key() {
    return payload.path("key").asText("");
  }
}
