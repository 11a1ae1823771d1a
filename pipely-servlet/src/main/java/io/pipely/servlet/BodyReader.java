package io.pipely.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a request's body without blocking, and no more of it than there may be. */
final class BodyReader implements ReadListener {

  private static final byte[] NONE = {};
  private static final int CHUNK = 4096;

  private final ServletInputStream input;
  private final int max;
  private final Consumer<byte @Nullable []> consumer;
  private final Runnable malformed;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final byte[] chunk = new byte[CHUNK];
  private boolean isFinished;

  private BodyReader(
      HttpServletRequest request, int max, Consumer<byte @Nullable []> consumer, Runnable malformed)
      throws IOException {
    this.input = request.getInputStream();
    this.max = max;
    this.consumer = consumer;
    this.malformed = malformed;
  }

  /**
   * Reads the body of a request that is asynchronous already.
   *
   * @param consumer gets it, here or later; null where it is too long
   * @param malformed is called instead where it breaks off, or is not framed as HTTP has it
   */
  static void read(
      HttpServletRequest request, int max, Consumer<byte @Nullable []> consumer, Runnable malformed)
      throws IOException {
    long length = request.getContentLengthLong();
    if (length > max) {
      consumer.accept(null);
    } else if (length == 0 || (length < 0 && isWithoutBody(request))) {
      consumer.accept(NONE);
    } else {
      BodyReader reader = new BodyReader(request, max, consumer, malformed);
      reader.input.setReadListener(reader);
    }
  }

  /** In HTTP/1 a body has a length or a transfer coding (RFC 9112, 6.3). */
  private static boolean isWithoutBody(HttpServletRequest request) {
    return request.getProtocol().startsWith("HTTP/1")
        && request.getHeader("Transfer-Encoding") == null;
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!isFinished && input.isReady()) {
      int count = input.read(chunk);
      if (count < 0) {
        return; // onAllDataRead follows.
      }
      if (body.size() + count > max) {
        finish(null);
      } else {
        body.write(chunk, 0, count);
      }
    }
  }

  @Override
  public void onAllDataRead() {
    finish(body.toByteArray());
  }

  @Override
  public void onError(Throwable failure) {
    if (!isFinished) {
      isFinished = true;
      malformed.run();
    }
  }

  private void finish(byte @Nullable [] whole) {
    if (!isFinished) {
      isFinished = true;
      consumer.accept(whole);
    }
  }
}
