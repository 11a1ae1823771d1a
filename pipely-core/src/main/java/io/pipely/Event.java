package io.pipely;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One event of a channel, as all whom it is for get it. Immutable. */
public final class Event extends Encodable {

  private final String channelId;
  private final String type;
  private final String originId;
  private final Payload payload;
  private final List<String> to;

  /** Null where the event has no place in the channel's log. */
  private final @Nullable String epoch;

  private final long number;

  private Event(
      String channelId,
      String type,
      String originId,
      Payload payload,
      List<String> to,
      @Nullable String epoch,
      long number) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.type = Objects.requireNonNull(type, "type");
    this.originId = Objects.requireNonNull(originId, "originId");
    this.payload = Objects.requireNonNull(payload, "payload");
    this.to = to;
    this.epoch = epoch;
    this.number = number;
  }

  /** An event for everybody, without an id. */
  public static Event of(String channelId, String type, String originId, Payload payload) {
    return new Event(channelId, type, originId, payload, List.of(), null, 0);
  }

  /** The same, directed to some members. */
  public Event to(List<String> clientIds) {
    return new Event(channelId, type, originId, payload, List.copyOf(clientIds), epoch, number);
  }

  /**
   * The same at a place in a channel's log.
   *
   * @param epoch which life of the channel it is, as a word
   * @param number counts the channel's events from 1
   */
  public Event at(String epoch, long number) {
    return new Event(
        channelId, type, originId, payload, to, Objects.requireNonNull(epoch, "epoch"), number);
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

  /** The members it is directed to, in their own spelling; empty where it is for everybody. */
  public List<String> to() {
    return to;
  }

  /**
   * What a member that has seen this event goes on from: {@link Join#lastEventId}. Null for what is
   * told to one member alone and has no place in the channel's log.
   */
  public @Nullable String id() {
    return epoch == null ? null : epoch + '-' + number;
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
