package io.pipely.bench;

import java.nio.charset.StandardCharsets;

/** The bodies of publications to one channel: all the same but for the marker. Immutable. */
final class Message {

  /** Bytes: a string of nothing but the marker. */
  static final int MIN_PAYLOAD = Marker.LENGTH + 2;

  private final byte[] template;
  private final int markerAt;

  /**
   * Messages for a channel.
   *
   * @param payload bytes, with the quotes
   */
  Message(String channelId, int payload) {
    String head =
        "{\"channel_id\":\""
            + channelId
            + "\",\"type\":\"bench\",\"origin_id\":\"bench\",\"payload\":\"";
    String filler = "x".repeat(payload - 2);
    this.template = (head + filler + "\"}").getBytes(StandardCharsets.US_ASCII);
    this.markerAt = head.length();
  }

  byte[] with(long time, int slot) {
    byte[] body = template.clone();
    Marker.write(body, markerAt, time, slot);
    return body;
  }
}
