package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends a byte a second takes a connection for a while, and nothing from the others. */
class SlowSendersTest {

  private static final int SENDERS = 1_000;

  private static final String HEAD = "POST /publish HTTP/1.1\r\nHost: localhost\r\n";
  private static final String LENGTH = "Content-Length: 1000\r\n\r\n";

  private static final Duration DEADLINE = Duration.ofSeconds(3);

  /** What is sent at once, and what a byte a second. */
  private record Sender(SocketChannel socket, String slow) {

    static Sender open(PipelyServer server, String fast, String slow) throws IOException {
      SocketChannel socket =
          SocketChannel.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri().getPort()));
      socket.write(bytes(fast));
      socket.configureBlocking(false);
      return new Sender(socket, slow);
    }

    /** Whether the connection has ended, whatever was answered before. */
    boolean hasEnded() {
      ByteBuffer answer = ByteBuffer.allocate(4 << 10);
      try {
        return socket.read(answer) < 0;
      } catch (IOException e) {
        return true;
      }
    }

    void sendByte(int number) {
      try {
        socket.write(bytes(slow.substring(number % slow.length(), number % slow.length() + 1)));
      } catch (IOException e) {
        return; // The next look will tell.
      }
    }

    private static ByteBuffer bytes(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  @Timeout(120)
  void areClosedByTheDeadlineAndOthersAreServedMeanwhile() throws Exception {
    List<Sender> senders = new ArrayList<>();
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Pipely pipely = Pipely.create();
        PipelyServer server =
            PipelyServer.builder(pipely)
                .address(anyPort)
                .headTimeout(DEADLINE)
                .bodyTimeout(DEADLINE)
                .start();
        SseClient ann = SseClient.open(server.uri(), RawRequest.subscribe(CHANNEL, "ann"));
        Http publisher = Http.connect(server.uri())) {
      ann.upTo(connect("ann"));
      for (int i = 0; i < SENDERS; i++) {
        senders.add(
            i % 2 == 0
                ? Sender.open(server, HEAD + "X-Slow: ", "x")
                : Sender.open(server, HEAD + LENGTH, " "));
      }
      for (int second = 0; !senders.isEmpty(); second++) {
        end(senders);
        for (Sender sender : senders) {
          sender.sendByte(second);
        }
        String event = event("chat", "ann", String.valueOf(second));
        assertEquals(200, publisher.ask(RawRequest.publish(event)).status());
        ann.expect(event);
        Thread.sleep(1_000);
        assertTrue(second < 60, () -> senders.size() + " are still there");
      }
    } finally {
      for (Sender sender : senders) {
        sender.socket().close();
      }
    }
  }

  private static void end(List<Sender> senders) throws IOException {
    for (Iterator<Sender> all = senders.iterator(); all.hasNext(); ) {
      Sender sender = all.next();
      if (sender.hasEnded()) {
        sender.socket().close();
        all.remove();
      }
    }
  }
}
