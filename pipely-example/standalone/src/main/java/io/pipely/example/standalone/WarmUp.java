package io.pipely.example.standalone;

import io.pipely.Pipely;
import io.pipely.jetty.PipelyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events through a server of its own, unseen, right after the start: code that the JVM has
 * not compiled yet takes several times as long, and the first thousands of clients' events would
 * pay for it. Bounded by time, so that a small machine does less instead of taking longer.
 */
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** A channel that its publisher serves, and one large enough to be served by others. */
  private static final int[] STREAMS = {10, 150};

  private static final int DELIVERIES = 3_000;

  /** Far less than what the streams' sockets take. */
  private static final int EVENTS_BETWEEN_READS = 50;

  private final ByteBuffer received = ByteBuffer.allocateDirect(64 << 10);

  private WarmUp() {}

  /** Returns at once. The server may be used meanwhile. */
  static void start(Duration time) {
    if (time.isZero()) {
      return;
    }
    Thread thread = new Thread(() -> run(time), "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** How many rounds there were. */
  static int run(Duration time) {
    long start = System.nanoTime();
    int rounds = 0;
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Pipely pipely = Pipely.create();
        PipelyServer server = PipelyServer.builder(pipely).address(anyPort).start();
        SocketChannel publisher = SocketChannel.open(addressOf(server))) {
      WarmUp warmUp = new WarmUp();
      while (System.nanoTime() - start < time.toNanos()) {
        warmUp.round(addressOf(server), publisher, STREAMS[rounds % STREAMS.length]);
        rounds++;
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the warm-up was broken off", e); // Nobody misses it.
    }
    return rounds;
  }

  private static SocketAddress addressOf(PipelyServer server) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri().getPort());
  }

  /** Streams come, get some events, and go. */
  private void round(SocketAddress address, SocketChannel publisher, int count) throws IOException {
    List<SocketChannel> streams = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        SocketChannel stream = SocketChannel.open(address);
        streams.add(stream);
        send(stream, "GET /subscribe?channelId=warm-up-chan&clientId=client-" + i, "");
        read(stream); // Until it is there, so that nothing is published to nobody.
        stream.configureBlocking(false);
      }
      for (int i = 0; i < DELIVERIES / count; i++) {
        send(
            publisher,
            "POST /publish",
            "{\"channel_id\":\"warm-up-chan\",\"type\":\"chat\",\"origin_id\":\"client-0\",\"payload\":{\"n\":"
                + i
                + ",\"text\":\"some text that is as long as in a chat\"}}");
        read(publisher);
        if (i % EVENTS_BETWEEN_READS == 0) {
          for (SocketChannel stream : streams) {
            read(stream);
          }
        }
      }
    } finally {
      for (SocketChannel stream : streams) {
        stream.close();
      }
    }
  }

  private static void send(SocketChannel to, String line, String body) throws IOException {
    String head = line + " HTTP/1.1\r\nHost: localhost\r\n";
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    to.write(ByteBuffer.wrap((head + length + "\r\n" + body).getBytes(StandardCharsets.US_ASCII)));
  }

  private void read(SocketChannel from) throws IOException {
    if (from.read(received.clear()) < 0) {
      throw new IOException("the server has closed the connection");
    }
  }
}
