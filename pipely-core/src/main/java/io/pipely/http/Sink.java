package io.pipely.http;

import io.pipely.Done;
import java.nio.ByteBuffer;

/** What an adapter implements for an endless answer: the way to one client. */
public interface Sink {

  /**
   * Sends bytes and flushes them. Does not block. One write is under way at a time, and the answer
   * is not ended during the call.
   *
   * @param bytes a heap buffer, to be sent whole; it is shared, so duplicate it
   * @param done completed when the next write is welcome, or with the failure; here or later
   */
  void write(ByteBuffer bytes, Done done);

  /**
   * Ends the answer. May be called at any time but during a call of {@link #write}, on any thread,
   * and again.
   *
   * @param abort true: now, whatever is pending; false: after what is pending
   */
  void close(boolean abort);
}
