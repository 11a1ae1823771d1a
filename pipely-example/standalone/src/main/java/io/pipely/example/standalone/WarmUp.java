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

  private static final int PUBLISHERS = 4;
  private static final int DELIVERIES = 3_000;

  /**
   * How streams are spread: over channels that a publisher serves, and in one that is too large.
   */
  private enum Shape {
    SMALL(100, 10),
    LARGE(150, 1);

    private final int streams;
    private final int channels;

    Shape(int streams, int channels) {
      this.streams = streams;
      this.channels = channels;
    }

    String channelOf(int number) {
      return "warm-up-000" + number % channels;
    }

    int events() {
      return DELIVERIES * channels / streams;
    }
  }

  private final ByteBuffer received = ByteBuffer.allocateDirect(64 << 10);

  private final SocketAddress address;

  private WarmUp(PipelyServer server) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri().getPort());
  }

  /** Returns at once. The server may be used meanwhile. */
  static void start(Duration time) {
    if (time.isZero()) {
      return;
    }
    Thread thread = new Thread(() -> run(time), "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** How many rounds there were: one at least, unless it was broken off. */
  static int run(Duration time) {
    long start = System.nanoTime();
    int rounds = 0;
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Pipely pipely = Pipely.create();
        PipelyServer server = PipelyServer.builder(pipely).address(anyPort).start()) {
      WarmUp warmUp = new WarmUp(server);
      do {
        warmUp.round(Shape.values()[rounds % Shape.values().length]);
        rounds++;
      } while (System.nanoTime() - start < time.toNanos());
    } catch (IOException | RuntimeException e) {
      LOG.debug("the warm-up was broken off", e); // Nobody misses it.
    }
    return rounds;
  }

  /** Streams come, get some events, and go. */
  private void round(Shape shape) throws IOException {
    List<SocketChannel> streams = new ArrayList<>();
    List<SocketChannel> publishers = new ArrayList<>();
    try {
      for (int i = 0; i < shape.streams; i++) {
        streams.add(SocketChannel.open(address));
        subscribe(streams.get(i), shape.channelOf(i), "client-" + i);
      }
      for (int i = 0; i < PUBLISHERS; i++) {
        publishers.add(SocketChannel.open(address));
      }
      for (int i = 0; i < shape.events(); i += PUBLISHERS) {
        for (int j = 0; j < PUBLISHERS; j++) {
          publish(publishers.get(j), shape.channelOf(i + j), i + j);
        }
        readAll(publishers);
        readAll(streams); // Long before their sockets are full.
      }
    } finally {
      closeAll(streams);
      closeAll(publishers);
    }
  }

  private void subscribe(SocketChannel stream, String channelId, String clientId)
      throws IOException {
    String query = "channelId=" + channelId + "&clientId=" + clientId;
    send(stream, "GET /subscribe?" + query + " HTTP/1.1\r\nAccept: text/event-stream\r\n", "\r\n");
    read(stream); // Until it is there, so that nothing is published to nobody.
    stream.configureBlocking(false);
  }

  private static void publish(SocketChannel publisher, String channelId, int number)
      throws IOException {
    String payload =
        "{\"number\": " + number + ", \"text\": \"as long as what people say in a chat\"}";
    String body =
        "{\"channel_id\":\""
            + channelId
            + "\",\"type\":\"chat\",\"origin_id\":\"client-0\",\"payload\":"
            + payload
            + "}";
    String length = "Content-Length: " + body.length() + "\r\n\r\n";
    send(publisher, "POST /publish HTTP/1.1\r\nContent-Type: application/json\r\n", length + body);
  }

  /** With what a browser sends along. */
  private static void send(SocketChannel to, String start, String end) throws IOException {
    String request =
        start
            + "Host: localhost:6550\r\nConnection: keep-alive\r\nUser-Agent: Mozilla/5.0\r\n"
            + "Origin: http://localhost:8080\r\nAccept-Encoding: gzip, deflate\r\n"
            + end;
    to.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  private void readAll(List<SocketChannel> all) throws IOException {
    for (SocketChannel one : all) {
      read(one);
    }
  }

  private void read(SocketChannel from) throws IOException {
    if (from.read(received.clear()) < 0) {
      throw new IOException("the server has closed the connection");
    }
  }

  private static void closeAll(List<SocketChannel> all) throws IOException {
    for (SocketChannel one : all) {
      one.close();
    }
  }
}
