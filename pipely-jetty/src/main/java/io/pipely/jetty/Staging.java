package io.pipely.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory from which the same bytes go to many sockets, one after another. From a heap buffer
 * the JDK would first copy them for each socket again. The amount is fixed: a few places, of which
 * a thread nearly always has one to itself.
 */
final class Staging {

  /** Longer writes are rare, and the copy is the least of their cost. */
  static final int MAX_BYTES = 64 << 10;

  private static final int MIN_BYTES = 4 << 10;

  /** A power of two, well above the number of threads that can write at a time. */
  private static final int PLACES =
      4 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors());

  private static final Staging[] ALL =
      IntStream.range(0, PLACES).mapToObj(i -> new Staging()).toArray(Staging[]::new);

  private final AtomicBoolean isTaken = new AtomicBoolean();

  // Of the thread that has taken it:

  private @Nullable ByteBuffer original;
  private ByteBuffer copy = ByteBuffer.allocateDirect(0);

  private Staging() {}

  /**
   * Writes what the socket takes at once, and tells how much that was.
   *
   * @param bytes shared, so that neither their position nor their content changes
   */
  static int write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    Staging place = ALL[Thread.currentThread().hashCode() & (PLACES - 1)];
    if (bytes.remaining() > MAX_BYTES || !place.isTaken.compareAndSet(false, true)) {
      return channel.write(bytes.duplicate());
    }
    try {
      return channel.write(place.copy(bytes));
    } finally {
      place.isTaken.set(false);
    }
  }

  @SuppressWarnings("ReferenceEquality") // Whether it is the same; to compare the bytes is dearer.
  private ByteBuffer copy(ByteBuffer bytes) {
    if (bytes == original) {
      return copy.rewind();
    }
    int length = bytes.remaining();
    if (copy.capacity() < length) {
      copy = ByteBuffer.allocateDirect(Math.max(MIN_BYTES, Integer.highestOneBit(length - 1) * 2));
    }
    copy.clear().put(0, bytes, bytes.position(), length).limit(length);
    original = bytes;
    return copy;
  }
}
