package io.pipely.jetty;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** A stream of HTTP/2, and what has come of it. */
final class Http2Stream implements Stream.Listener {

  // Guarded by this:

  private final StringBuilder text = new StringBuilder();
  private Stream stream;
  private boolean isPaused;
  private boolean isWhole;
  private int resetBy = ErrorCode.NO_ERROR.code;

  @Override
  public synchronized void onNewStream(Stream newStream) {
    stream = newStream;
  }

  @Override
  public void onHeaders(Stream newStream, HeadersFrame frame) {
    newStream.demand();
  }

  @Override
  public synchronized void onDataAvailable(Stream there) {
    if (isPaused) {
      return;
    }
    Stream.Data data = there.readData();
    if (data != null) {
      text.append(BufferUtil.toString(data.frame().getByteBuffer(), StandardCharsets.UTF_8));
      isWhole |= data.frame().isEndStream();
      data.release();
    }
    if (!isWhole) {
      there.demand();
    }
  }

  @Override
  public synchronized void onReset(Stream there, ResetFrame frame, Callback callback) {
    resetBy = frame.getError();
    callback.succeeded();
  }

  /** From now on nothing is read, and the stream's window is not opened any further. */
  synchronized void stopReading() {
    isPaused = true;
  }

  void resumeReading() {
    synchronized (this) {
      isPaused = false;
    }
    stream.demand();
  }

  /** Has the server know that nobody wants it. */
  synchronized void reset() {
    stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
  }

  /** Whether the server has ended it with END_STREAM. */
  synchronized boolean isWhole() {
    return isWhole;
  }

  /** Whether the server has ended it with RST_STREAM. */
  synchronized boolean isReset() {
    return resetBy != ErrorCode.NO_ERROR.code;
  }

  /** The events so far. */
  synchronized List<String> events() {
    return text.toString()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  synchronized String text() {
    return text.toString();
  }

  /** Waits until an event has come. */
  void awaitEvent(String event) {
    await().until(() -> events().contains(event));
  }
}
