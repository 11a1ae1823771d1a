package io.pipely.http;

import java.nio.ByteBuffer;
import java.util.List;

/** An answer, or the head of an endless one. Immutable. */
public final class Reply {

  private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0);

  private final int status;
  private final List<Header> headers;
  private final ByteBuffer body;

  Reply(int status, List<Header> headers, ByteBuffer body) {
    this.status = status;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  static Reply empty(int status, List<Header> headers) {
    return new Reply(status, headers, NO_BODY);
  }

  public int status() {
    return status;
  }

  /** To be set as they are; how long the body is the adapter says itself. */
  public List<Header> headers() {
    return headers;
  }

  /** The whole body: a heap buffer, shared, so duplicate it. */
  public ByteBuffer body() {
    return body;
  }
}
