package io.pipely.endurance;

import io.pipely.contract.RawRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Clients that read all that comes as soon as it does, on one thread, so that they leave most of a
 * small machine to the server.
 */
final class Readers implements AutoCloseable {

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(256 << 10);
  private final List<Reader> all = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> sockets = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "readers");

  // Guarded by this:

  private boolean isClosed;
  private Throwable failure;

  Readers() throws IOException {
    thread.setDaemon(true);
    thread.start();
  }

  List<Reader> all() {
    return all;
  }

  Reader add(URI server, RawRequest request) throws IOException {
    SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    sockets.add(socket);
    ByteBuffer bytes = ByteBuffer.wrap(request.bytes(server));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
    Reader reader = new Reader(request.toString());
    all.add(reader);
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ, reader);
    selector.wakeup();
    return reader;
  }

  /** Waits until all have so many timed events. */
  void awaitReceived(int count, Duration timeout) throws InterruptedException {
    await(() -> all.stream().allMatch(reader -> reader.received() >= count), timeout);
  }

  /** Waits until something holds that they bring about. */
  synchronized void await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (failure != null || left <= 0) {
        throw new AssertionError("not within " + timeout, failure);
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  private void run() {
    try {
      while (!isClosed()) {
        selector.select(this::read);
        synchronized (this) {
          notifyAll();
        }
      }
    } catch (Throwable e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  private void read(SelectionKey key) {
    Reader reader = (Reader) key.attachment();
    buffer.clear();
    try {
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        throw new EOFException("ended");
      }
    } catch (IOException e) {
      throw new AssertionError(reader + ": a stream was lost", e);
    }
    reader.feed(buffer.array(), buffer.position());
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    synchronized (this) {
      isClosed = true;
    }
    selector.wakeup();
    thread.join();
    for (SocketChannel socket : sockets) {
      socket.close();
    }
    selector.close();
  }
}
