package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.Patience;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Retainable;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialConnectionTest {

  /** How long another thread has for reading when it should not: it would do it within one. */
  private static final int CHANCE_MILLIS = 200;

  /** More than a buffer has room for, so that there is more to be read. */
  private static final int MUCH = 16 << 10;

  private final Server server = new Server();
  private final CompletableFuture<Answered> answered = new CompletableFuture<>();
  private final CompletableFuture<Long> readMeanwhile = new CompletableFuture<>();

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void nobodyReadsOnBeforeTheFirstIsDoneWithItsBuffer() throws Exception {
    ServerConnector connector =
        new ServerConnector(
            server,
            null,
            null,
            new SlowPool(),
            1,
            1,
            new SerialConnectionFactory(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setErrorHandler(this::answer);
    server.start();

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nno field\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.write(new byte[MUCH]);

      assertEquals(0, readMeanwhile.get(Patience.ONE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  private boolean answer(Request request, Response response, Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    answered.complete(new Answered(connection, connection.getBytesIn()));
    response.setStatus(400);
    callback.succeeded();
    return true;
  }

  private record Answered(Connection connection, long bytesIn) {

    long readSince() {
      return connection.getBytesIn() - bytesIn;
    }
  }

  /** Whose first buffer, into which the request is read, is given back slowly. */
  private final class SlowPool extends ByteBufferPool.Wrapper {

    private final AtomicBoolean isFirst = new AtomicBoolean(true);

    SlowPool() {
      super(ByteBufferPool.NON_POOLING);
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      return isFirst.getAndSet(false)
          ? new RetainableByteBuffer.FixedCapacity(
              BufferUtil.allocate(size, direct), new SlowlyReleased())
          : super.acquire(size, direct);
    }
  }

  private final class SlowlyReleased extends Retainable.ReferenceCounter {

    @Override
    public boolean release() {
      Answered first = answered.orTimeout(Patience.ONE.toSeconds(), TimeUnit.SECONDS).join();
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHANCE_MILLIS);
      while (first.readSince() == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      readMeanwhile.complete(first.readSince());
      return super.release();
    }
  }
}
