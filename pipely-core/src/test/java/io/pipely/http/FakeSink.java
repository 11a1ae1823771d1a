package io.pipely.http;

import io.pipely.Done;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection that takes everything, at once or by hand, and remembers it. */
final class FakeSink implements Sink {

  private final boolean isByHand;
  private final List<ByteBuffer> writes = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private Done pending;

  FakeSink(boolean isByHand) {
    this.isByHand = isByHand;
  }

  @Override
  public void write(ByteBuffer bytes, Done done) {
    synchronized (this) {
      writes.add(bytes);
      if (isByHand) {
        pending = done;
        return;
      }
    }
    done.complete(null);
  }

  @Override
  public synchronized void end(ByteBuffer last) {
    if (last.hasRemaining()) {
      writes.add(last);
    }
    ends.add("ended");
  }

  @Override
  public synchronized void abort() {
    ends.add("aborted");
  }

  void complete(Throwable failure) {
    Done done;
    synchronized (this) {
      done = pending;
      pending = null;
    }
    done.complete(failure);
  }

  synchronized List<ByteBuffer> writes() {
    return List.copyOf(writes);
  }

  /** How it was ended. */
  synchronized List<String> ends() {
    return List.copyOf(ends);
  }

  /** Everything written so far. */
  String text() {
    StringBuilder text = new StringBuilder();
    writes().forEach(bytes -> text.append(StandardCharsets.UTF_8.decode(bytes.duplicate())));
    return text.toString();
  }
}
