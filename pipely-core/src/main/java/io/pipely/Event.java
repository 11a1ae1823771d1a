package io.pipely;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One event of a channel, as all its members get it. Immutable. */
public final class Event extends Encodable {

  private final String channelId;
  private final String type;
  private final String originId;
  private final Payload payload;

  private Event(String channelId, String type, String originId, Payload payload) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.type = Objects.requireNonNull(type, "type");
    this.originId = Objects.requireNonNull(originId, "originId");
    this.payload = Objects.requireNonNull(payload, "payload");
  }

  public static Event of(String channelId, String type, String originId, Payload payload) {
    return new Event(channelId, type, originId, payload);
  }

  public String channelId() {
    return channelId;
  }

  public String type() {
    return type;
  }

  /** The client it is from, or {@code server}. */
  public String originId() {
    return originId;
  }

  public Payload payload() {
    return payload;
  }

  /** Short for {@code payload().as(type)}. */
  public <T> @Nullable T payloadAs(Class<T> type) {
    return payload.as(type);
  }

  @Override
  <T> T make(Encoding<T> encoding) {
    return encoding.encode(this);
  }

  /** Without the payload, which may be private. */
  @Override
  public String toString() {
    return "Event[" + channelId + ", " + type + ", " + originId + "]";
  }
}
