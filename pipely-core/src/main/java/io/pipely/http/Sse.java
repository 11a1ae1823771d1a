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

  /** For one whose place was taken: long enough for two not to drive each other out for ever. */
  private static final int REPLACED_RETRY_MILLIS = 30_000;

  /** For one that is refused: an EventSource that nobody closes asks again and again. */
  private static final int REFUSED_RETRY_MILLIS = 30_000;

  /**
   * While the server shuts down: all clients come back within so long, but not at once, since
   * another server may have to take over first.
   */
  private static final int SHUT_DOWN_RETRY_MILLIS = 10_000;

  private static final int SHUT_DOWN_MIN_RETRY_MILLIS = 1_000;

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
    return withRetry(spread(RETRY_MILLIS), frames);
  }

  /** A time, give or take a fifth of it. */
  private static int spread(int millis) {
    return between(millis - millis / 5, millis + millis / 5);
  }

  private static int between(int least, int most) {
    return ThreadLocalRandom.current().nextInt(least, most + 1);
  }

  /** The last frame of a stream in whose place another one has come. */
  static ByteBuffer replaced(String channelId) {
    Event event = Event.of(channelId, "REPLACED", "server", Payload.NULL);
    return withRetry(REPLACED_RETRY_MILLIS, FORMAT.encode(event));
  }

  /** The one frame of a stream that was refused. */
  static ByteBuffer refused(String channelId, Payload why) {
    Event event = Event.of(channelId, "REFUSED", "server", why);
    return withRetry(spread(REFUSED_RETRY_MILLIS), FORMAT.encode(event));
  }

  /** The last frame of a stream when the server shuts down: when to come back, and no event. */
  static ByteBuffer shutDown() {
    int millis = between(SHUT_DOWN_MIN_RETRY_MILLIS, SHUT_DOWN_RETRY_MILLIS);
    return ByteBuffer.wrap(ascii("retry: " + millis + "\n\n"));
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
