package io.pipely.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one client knows of its channel's members, from nothing but the events it has received. */
public final class ChannelView {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Set<String> members = new LinkedHashSet<>();

  /** Takes the next event; refuses one that contradicts those before it. */
  public void take(String event) {
    JsonNode json = parse(event);
    String origin = json.get("origin_id").textValue();
    switch (json.get("type").textValue()) {
      case "CLIENT_LIST" -> {
        members.clear();
        json.get("payload").forEach(id -> check(members.add(id.textValue()), event));
      }
      // Its own is told to a member that the list names already.
      case "CONNECT" -> check(members.add(origin) || isLast(origin), event);
      case "DISCONNECT" -> check(members.remove(origin), event);
      default -> {}
    }
  }

  /** The members in order of joining. */
  public List<String> members() {
    return new ArrayList<>(members);
  }

  public int size() {
    return members.size();
  }

  private boolean isLast(String id) {
    return members().get(members.size() - 1).equals(id);
  }

  private void check(boolean isConsistent, String event) {
    if (!isConsistent) {
      throw new AssertionError("does not fit what was told before: " + event + ", " + members);
    }
  }

  private static JsonNode parse(String event) {
    try {
      return MAPPER.readTree(event);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + event, e);
    }
  }
}
