package io.pipely.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads a body whole, and gives every buffer back as soon as its bytes are copied. Jetty's own way,
 * {@link Content.Source#asByteArrayAsync}, holds on to those of a body that is broken off: they are
 * lost to their pool, which in time has no place for others.
 */
final class BodyReader implements Invocable.Task {

  private static final byte[] NOTHING = {};

  private final Content.Source source;
  private final int maxBytes;
  private final Promise.Invocable<byte[]> body;

  /** No longer than what has come, where that came at once, as it nearly always does. */
  private byte[] bytes = NOTHING;

  private int length;

  private BodyReader(Content.Source source, int maxBytes, Promise.Invocable<byte[]> body) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.body = body;
  }

  /**
   * Reads to the end.
   *
   * @param body failed with an {@link IllegalStateException} where there are more bytes
   */
  static void read(Content.Source source, int maxBytes, Promise.Invocable<byte[]> body) {
    new BodyReader(source, maxBytes, body).run();
  }

  @Override
  public void run() {
    Content.Chunk chunk = source.read();
    while (chunk != null) {
      if (Content.Chunk.isFailure(chunk)) {
        fail(chunk.getFailure(), chunk.isLast());
        return;
      }
      boolean isTooMuch = chunk.remaining() > maxBytes - length;
      if (!isTooMuch) {
        take(chunk.getByteBuffer());
      }
      chunk.release();
      if (isTooMuch) {
        fail(new IllegalStateException("more than " + maxBytes + " bytes"), false);
        return;
      }
      if (chunk.isLast()) {
        body.succeeded(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        return;
      }
      chunk = source.read();
    }
    source.demand(this);
  }

  private void take(ByteBuffer more) {
    int newLength = length + more.remaining();
    if (newLength > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(newLength, length * 2));
    }
    more.get(bytes, length, more.remaining());
    length = newLength;
  }

  private void fail(Throwable failure, boolean isAtEnd) {
    body.failed(failure);
    if (!isAtEnd) {
      source.fail(failure);
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return body.getInvocationType();
  }
}
