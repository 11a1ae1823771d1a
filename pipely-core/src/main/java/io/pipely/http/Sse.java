package io.pipely.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pipely.Batch;
import io.pipely.Encoding;
import io.pipely.Event;
import io.pipely.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

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
  private static final byte[] TO = ascii(",\"to\":[\"");
  private static final byte[] NEXT = ascii("\",\"");
  private static final byte[] END_OF_TO = ascii("\"]");
  private static final byte[] END = ascii("}\n\n");
  private static final byte[] NOTHING = {};

  /**
   * How long a client is to wait before it connects again; spread, so that not all come at once.
   */
  private static final int RETRY_MILLIS = 3000;

  private static final int RETRY_SPREAD_MILLIS = RETRY_MILLIS / 5;

  /** For one whose place was taken: long enough for two not to drive each other out for ever. */
  private static final int REPLACED_RETRY_MILLIS = 30_000;

  private Sse() {}

  @Override
  public ByteBuffer encode(Event event) {
    byte[] id = idLine(event.id());
    byte[] channelId = escaped(event.channelId());
    byte[] type = escaped(event.type());
    byte[] originId = escaped(event.originId());
    byte[] to = to(event.to());
    Payload payload = event.payload();
    int texts =
        id.length + channelId.length + type.length + originId.length + payload.length() + to.length;
    int syntax = CHANNEL_ID.length + TYPE.length + ORIGIN_ID.length + PAYLOAD.length + END.length;
    byte[] frame = new byte[texts + syntax];
    int at = put(id, frame, 0);
    at = put(CHANNEL_ID, frame, at);
    at = put(channelId, frame, at);
    at = put(TYPE, frame, at);
    at = put(type, frame, at);
    at = put(ORIGIN_ID, frame, at);
    at = put(originId, frame, at);
    at = put(PAYLOAD, frame, at);
    payload.copyTo(frame, at);
    at = put(to, frame, at + payload.length());
    put(END, frame, at);
    return ByteBuffer.wrap(frame);
  }

  /** The first frames of a stream, with how long to wait before the next stream. */
  static ByteBuffer first(ByteBuffer frames) {
    int millis =
        ThreadLocalRandom.current()
            .nextInt(RETRY_MILLIS - RETRY_SPREAD_MILLIS, RETRY_MILLIS + RETRY_SPREAD_MILLIS + 1);
    return withRetry(millis, frames);
  }

  /** The last frame of a stream in whose place another one has come. */
  static ByteBuffer replaced(String channelId) {
    Event event = Event.of(channelId, "REPLACED", "server", Payload.NULL);
    return withRetry(REPLACED_RETRY_MILLIS, FORMAT.encode(event));
  }

  /** A line more in the first frame. */
  private static ByteBuffer withRetry(int millis, ByteBuffer frames) {
    byte[] retry = ascii("retry: " + millis + "\n");
    byte[] all = new byte[retry.length + frames.remaining()];
    int at = put(retry, all, 0);
    frames.duplicate().get(all, at, frames.remaining());
    return ByteBuffer.wrap(all);
  }

  private static byte[] idLine(@Nullable String id) {
    return id == null ? NOTHING : ascii("id: " + id + "\n");
  }

  /** The last field, where an event is directed. */
  private static byte[] to(List<String> ids) {
    if (ids.isEmpty()) {
      return NOTHING;
    }
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    for (String id : ids) {
      field.writeBytes(field.size() == 0 ? TO : NEXT);
      field.writeBytes(escaped(id));
    }
    field.writeBytes(END_OF_TO);
    return field.toByteArray();
  }

  /**
   * Nothing to tell is a comment, by which a connection shows whether it is still there; with an id
   * where that has changed, which a client keeps without an event.
   */
  @Override
  public ByteBuffer join(Batch batch) {
    if (batch.size() == 0) {
      String id = batch.id();
      return ByteBuffer.wrap(id == null ? COMMENT : ascii(":\nid: " + id + "\n\n"));
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
