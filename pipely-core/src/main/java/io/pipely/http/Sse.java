package io.pipely.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pipely.Batch;
import io.pipely.Encoding;
import io.pipely.Event;
import io.pipely.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Server-Sent Events (WHATWG HTML standard, 9.2): the one place that writes them. An event is one
 * {@code data:} line of JSON, which has no line end outside of escapes, so no text that a client
 * chooses can end it early.
 */
final class Sse implements Encoding<ByteBuffer> {

  static final Sse FORMAT = new Sse();

  private static final byte[] COMMENT = ascii(":\n\n");
  private static final byte[] CHANNEL_ID = ascii("data: {\"channel_id\":\"");
  private static final byte[] TYPE = ascii("\",\"type\":\"");
  private static final byte[] ORIGIN_ID = ascii("\",\"origin_id\":\"");
  private static final byte[] PAYLOAD = ascii("\",\"payload\":");
  private static final byte[] END = ascii("}\n\n");

  private Sse() {}

  @Override
  public ByteBuffer encode(Event event) {
    byte[] channelId = escaped(event.channelId());
    byte[] type = escaped(event.type());
    byte[] originId = escaped(event.originId());
    Payload payload = event.payload();
    int texts = channelId.length + type.length + originId.length + payload.length();
    int syntax = CHANNEL_ID.length + TYPE.length + ORIGIN_ID.length + PAYLOAD.length + END.length;
    byte[] frame = new byte[texts + syntax];
    int at = put(CHANNEL_ID, frame, 0);
    at = put(channelId, frame, at);
    at = put(TYPE, frame, at);
    at = put(type, frame, at);
    at = put(ORIGIN_ID, frame, at);
    at = put(originId, frame, at);
    at = put(PAYLOAD, frame, at);
    payload.copyTo(frame, at);
    put(END, frame, at + payload.length());
    return ByteBuffer.wrap(frame);
  }

  /** Nothing to tell is a comment, by which a connection shows whether it is still there. */
  @Override
  public ByteBuffer join(Batch batch) {
    if (batch.size() == 0) {
      return ByteBuffer.wrap(COMMENT);
    }
    int length = 0;
    for (int i = 0; i < batch.size(); i++) {
      length += batch.event(i).as(this).remaining();
    }
    byte[] frames = new byte[length];
    int at = 0;
    for (int i = 0; i < batch.size(); i++) {
      at = put(batch.event(i).as(this).array(), frames, at); // A frame is its whole array.
    }
    return ByteBuffer.wrap(frames);
  }

  /** Where the next bytes go. */
  private static int put(byte[] source, byte[] target, int at) {
    System.arraycopy(source, 0, target, at, source.length);
    return at + source.length;
  }

  private static byte[] escaped(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
