package io.pipely.core;

import io.pipely.Event;
import io.pipely.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The events that Pipely itself makes. */
final class BuiltIn {

  private static final String CONNECT = "CONNECT";
  private static final String DISCONNECT = "DISCONNECT";
  private static final String CLIENT_LIST = "CLIENT_LIST";
  private static final String GAP = "GAP";
  private static final Set<String> RESERVED =
      Set.of(CONNECT, DISCONNECT, CLIENT_LIST, GAP, "REPLACED");

  private static final Payload EVICTED =
      Payload.ofValidJson("{\"reason\":\"evicted\"}".getBytes(StandardCharsets.US_ASCII));

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

  /** For one member: who is there, in order of joining. */
  static Event clientList(String channelId, Payload ids) {
    return Event.of(channelId, CLIENT_LIST, Names.SERVER, ids);
  }

  /** For one member: events were missed that are no longer kept. */
  static Event gap(String channelId) {
    return Event.of(channelId, GAP, Names.SERVER, EVICTED);
  }
}
