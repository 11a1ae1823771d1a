package io.pipely.endurance.stress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One event as it was received.
 *
 * @param text as it was sent
 * @param payload JSON
 * @param to the members it says that it is directed to; empty where it says nothing
 */
public record Fact(
    String text, String channelId, String type, String origin, JsonNode payload, List<String> to) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static Fact of(String text) {
    JsonNode json = json(text);
    return new Fact(
        text,
        json.get("channel_id").textValue(),
        json.get("type").textValue(),
        json.get("origin_id").textValue(),
        json.get("payload"),
        json.has("to") ? texts(json.get("to")) : List.of());
  }

  public static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** The strings of an array. */
  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  public boolean is(String otherType) {
    return type.equals(otherType);
  }

  boolean isPresence() {
    return is("CONNECT") || is("DISCONNECT");
  }

  /** The ids in a CLIENT_LIST. */
  public List<String> ids() {
    return texts(payload);
  }

  /** Makes of who was there by what came before who is there now. */
  public void applyTo(Set<String> view) {
    switch (type) {
      case "CLIENT_LIST" -> {
        view.clear();
        view.addAll(ids());
      }
      case "CONNECT" -> {
        view.remove(origin); // Who is in the list may have joined after what is replayed.
        view.add(origin);
      }
      case "DISCONNECT" -> view.remove(origin);
      default -> {}
    }
  }

  /** Of a published event of this program. */
  String key() {
    return payload.path("key").asText("");
  }
}
