package io.pipely.core;

import io.pipely.Event;
import io.pipely.Payload;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The events that Pipely itself makes. */
final class BuiltIn {

  private static final String CONNECT = "CONNECT";
  private static final String DISCONNECT = "DISCONNECT";
  private static final String CLIENT_LIST = "CLIENT_LIST";
  private static final String GAP = "GAP";
  private static final Set<String> RESERVED =
      Set.of(CONNECT, DISCONNECT, CLIENT_LIST, GAP, "REPLACED", "REFUSED");

  private static final Map<GapReason, Payload> REASONS = new EnumMap<>(GapReason.class);

  static {
    for (GapReason reason : GapReason.values()) {
      String json = "{\"reason\":\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}";
      REASONS.put(reason, Payload.ofValidJson(json.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private BuiltIn() {}

  static boolean isReserved(String type) {
    return RESERVED.contains(type);
  }

  static Event connect(String channelId, String clientId) {
    return Event.of(channelId, CONNECT, clientId, Payload.NULL);
  }

  static Event disconnect(String channelId, String clientId) {
    return Event.of(channelId, DISCONNECT, clientId, Payload.NULL);
  }

  /** For nobody: takes up a number of the log, for what the nodes tell each other. */
  static Event hidden(String channelId) {
    return Event.of(channelId, "", Names.SERVER, Payload.NULL);
  }

  /** For one member: who is there, in order of joining. */
  static Event clientList(String channelId, Payload ids) {
    return Event.of(channelId, CLIENT_LIST, Names.SERVER, ids);
  }

  /** For one member: events were missed, and cannot be told any more. */
  static Event gap(String channelId, GapReason reason) {
    return Event.of(channelId, GAP, Names.SERVER, Objects.requireNonNull(REASONS.get(reason)));
  }
}
