package io.pipely.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pipely.Batch;
import io.pipely.Encoding;
import io.pipely.Event;
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
    int texts = channelId.length + type.length + originId.length + event.payload().length();
    int frame =
        CHANNEL_ID.length + TYPE.length + ORIGIN_ID.length + PAYLOAD.length + END.length + texts;
    ByteBuffer bytes = ByteBuffer.allocate(frame);
    bytes.put(CHANNEL_ID).put(channelId).put(TYPE).put(type).put(ORIGIN_ID).put(originId);
    bytes.put(PAYLOAD);
    event.payload().copyTo(bytes);
    return bytes.put(END).flip();
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
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (int i = 0; i < batch.size(); i++) {
      bytes.put(batch.event(i).as(this).duplicate());
    }
    return bytes.flip();
  }

  private static byte[] escaped(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
