package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes one HTTP/1 answer (RFC 9112) from its bytes, in whatever pieces they come. It knows
 * bodies in chunks, of a given length, and such that end with the connection. Interim answers (1xx)
 * are passed over.
 */
public final class ResponseDecoder {

  /** Takes a piece of the body. */
  public interface Body {
    void bytes(byte[] bytes, int from, int to);
  }

  private enum State {
    STATUS_LINE,
    HEADER,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    SIZED,
    UNTIL_CLOSE,
    COMPLETE
  }

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");

  private final boolean hasBody;
  private final Body body;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<Headers.Field> fields = new ArrayList<>();
  private State state = State.STATUS_LINE;
  private int status;
  private Headers headers;

  /** How many bytes of the chunk, or of the body, are yet to come. */
  private long left;

  /**
   * A decoder of one answer.
   *
   * @param method of the request: the answer to HEAD has no body, whatever its headers say
   */
  public ResponseDecoder(String method, Body body) {
    this.hasBody = !method.equals("HEAD");
    this.body = body;
  }

  /** Takes bytes; returns up to where they belong to this answer. */
  public int feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && state != State.COMPLETE) {
      at =
          switch (state) {
            case CHUNK, SIZED, UNTIL_CLOSE -> feedBody(bytes, at, to);
            default -> feedLine(bytes, at, to);
          };
    }
    return at;
  }

  /** The connection has ended: true where the answer is whole. */
  boolean endOfInput() {
    if (state == State.UNTIL_CLOSE) {
      state = State.COMPLETE;
    }
    return state == State.COMPLETE;
  }

  public boolean isHeadComplete() {
    return headers != null;
  }

  boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** Whether not a byte has come yet. */
  boolean isUntouched() {
    return state == State.STATUS_LINE && line.size() == 0;
  }

  public int status() {
    return status;
  }

  Headers headers() {
    return headers;
  }

  private int feedBody(byte[] bytes, int from, int to) {
    int end = (int) (from + Math.min(to - from, left));
    body.bytes(bytes, from, end);
    left -= end - from;
    if (left == 0) {
      state = state == State.CHUNK ? State.CHUNK_END : State.COMPLETE;
    }
    return end;
  }

  private int feedLine(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        takeLine(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        return i + 1;
      }
      line.write(bytes[i]);
    }
    return to;
  }

  private void takeLine(String text) {
    switch (state) {
      case STATUS_LINE -> takeStatusLine(text);
      case HEADER -> takeHeader(text);
      case CHUNK_SIZE -> takeChunkSize(text);
      case CHUNK_END -> {
        if (!text.isEmpty()) {
          throw new AssertionError("a chunk is longer than it says: " + text);
        }
        state = State.CHUNK_SIZE;
      }
      case TRAILER -> state = text.isEmpty() ? State.COMPLETE : State.TRAILER;
      default -> throw new IllegalStateException(state.toString());
    }
  }

  private void takeStatusLine(String text) {
    Matcher matcher = STATUS_LINE.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("not the status line of an answer: " + text);
    }
    status = Integer.parseInt(matcher.group(1));
    state = State.HEADER;
  }

  private void takeHeader(String text) {
    if (text.isEmpty()) {
      endHead();
      return;
    }
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new AssertionError("not a header: " + text);
    }
    fields.add(new Headers.Field(text.substring(0, colon), text.substring(colon + 1).strip()));
  }

  private void endHead() {
    if (status < 200) {
      fields.clear();
      state = State.STATUS_LINE;
      return;
    }
    headers = new Headers(fields);
    state = bodyState();
  }

  private State bodyState() {
    if (!hasBody || status == 204 || status == 304) {
      return State.COMPLETE;
    }
    if (headers.list("Transfer-Encoding").contains("chunked")) {
      return State.CHUNK_SIZE;
    }
    if (headers.all("Content-Length").isEmpty()) {
      left = Long.MAX_VALUE;
      return State.UNTIL_CLOSE;
    }
    left = Long.parseLong(headers.only("Content-Length"));
    return left == 0 ? State.COMPLETE : State.SIZED;
  }

  private void takeChunkSize(String text) {
    int end = text.indexOf(';');
    left = Long.parseLong((end < 0 ? text : text.substring(0, end)).strip(), 16);
    state = left == 0 ? State.TRAILER : State.CHUNK;
  }
}
