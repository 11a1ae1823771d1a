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
   * Called now and then while a write is under way, on any thread, perhaps too late: says {@link
   * Done#moved} where a part of the bytes has gone since the last call that could not be told of
   * when it went, and may try to send more.
   */
  default void nudge() {}

  /**
   * Ends the answer after what is pending, and after these last bytes. May be called at any time
   * but during a call of {@link #write}, on any thread; does nothing where it has ended already. A
   * client that takes nothing of it for the time of {@link PipelyHttp#stall} is given up.
   *
   * @param last a heap buffer, which may be empty; it is shared, so duplicate it
   */
  void end(ByteBuffer last);

  /**
   * Ends the answer now, whatever is pending: nothing of it is to stay, in the system's buffers
   * neither. May be called as {@link #end} may, and after it.
   */
  void abort();
}
