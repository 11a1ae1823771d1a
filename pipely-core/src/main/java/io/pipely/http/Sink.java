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
   * Ends the answer after what is pending, and after these last bytes. May be called at any time
   * but during a call of {@link #write}, on any thread; does nothing where it has ended already.
   *
   * @param last a heap buffer, which may be empty; it is shared, so duplicate it
   */
  void end(ByteBuffer last);

  /** Ends the answer now, whatever is pending. May be called as {@link #end} may, and after it. */
  void abort();
}
