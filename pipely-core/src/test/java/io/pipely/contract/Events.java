package io.pipely.contract;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The texts of events, exactly as they are to be received. Sent as the body of a publish request,
 * such a text is the event that it describes.
 */
public final class Events {

  /** The channel that most tests need one of. */
  public static final String CHANNEL = "channel-0001";

  private Events() {}

  public static String clientList(String... ids) {
    return event("CLIENT_LIST", "server", array(ids));
  }

  public static String connect(String clientId) {
    return event("CONNECT", clientId, "null");
  }

  public static String disconnect(String clientId) {
    return event("DISCONNECT", clientId, "null");
  }

  public static String replaced() {
    return event("REPLACED", "server", "null");
  }

  public static String gap(String reason) {
    return event("GAP", "server", "{\"reason\":" + quoted(reason) + "}");
  }

  public static String event(String type, String originId, String payload) {
    return event(CHANNEL, type, originId, payload);
  }

  public static String event(String channelId, String type, String originId, String payload) {
    return "{\"channel_id\":"
        + quoted(channelId)
        + ",\"type\":"
        + quoted(type)
        + ",\"origin_id\":"
        + quoted(originId)
        + ",\"payload\":"
        + payload
        + "}";
  }

  /** An event for these members alone. */
  public static String directed(String type, String originId, String payload, String... to) {
    return with("to", array(to), event(type, originId, payload));
  }

  /** An event with one more field behind the others. */
  public static String with(String name, String value, String event) {
    return event.substring(0, event.length() - 1) + "," + quoted(name) + ":" + value + "}";
  }

  /** An array of strings. */
  public static String array(String... texts) {
    return Stream.of(texts).map(Events::quoted).collect(Collectors.joining(",", "[", "]"));
  }

  public static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
