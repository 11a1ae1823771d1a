package io.pipely.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.ReconnectingClient.Received;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Publishes by way of a relay that cuts its connections, each event until it is answered: where a
 * connection is lost it cannot know whether the event has come through. Not for use by several
 * threads.
 */
public final class RetryingPublisher implements AutoCloseable {

  /** An event, what it was answered, and how often it was sent or begun to be. */
  private record Published(String event, EventId id, int attempts) {}

  private static final int HALF = 400;

  private final Relay relay;
  private final List<Published> published = new ArrayList<>();
  private Socket socket;

  private RetryingPublisher(Relay relay) {
    this.relay = relay;
  }

  /** One that has not connected yet. */
  public static RetryingPublisher to(URI server, Supplier<Relay.Fate> fates) throws IOException {
    return new RetryingPublisher(Relay.start(server, fates, port -> {}));
  }

  /** How many of its connections have been cut. */
  public int cuts() {
    return relay.cuts();
  }

  /** Publishes, and returns once it is answered. */
  public void publish(String event) throws IOException {
    byte[] request = RawRequest.publish(event).bytes(relay.uri());
    long deadline = System.nanoTime() + Patience.MANY.toNanos();
    int attempts = 0;
    while (System.nanoTime() < deadline) {
      attempts++;
      int cuts = relay.cuts();
      ResponseDecoder answer = ask(request);
      // Half a request may be refused before its connection is closed.
      boolean isOfHalf = answer.isComplete() && answer.status() == HALF && relay.cuts() > cuts;
      if (answer.isComplete() && !isOfHalf) {
        assertEquals(200, answer.status(), event);
        EventId id = EventId.parse(answer.headers().only("Pipely-Event-Id"));
        published.add(new Published(event, id, attempts));
        return;
      }
      socket.close();
    }
    throw new AssertionError("not answered, and begun " + attempts + " times: " + event);
  }

  /** The answer, which is not complete where the connection was lost. */
  private ResponseDecoder ask(byte[] request) throws IOException {
    ResponseDecoder answer = new ResponseDecoder("POST", (bytes, from, to) -> {});
    if (socket == null || socket.isClosed()) {
      socket = Http.socketTo(relay.uri(), 0);
    }
    try {
      socket.getOutputStream().write(request);
      byte[] buffer = new byte[1 << 10];
      InputStream in = socket.getInputStream();
      for (int length = 0; length >= 0 && !answer.isComplete(); ) {
        length = in.read(buffer);
        answer.feed(buffer, 0, Math.max(length, 0));
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither an answer nor an end within " + Patience.ONE, e);
    } catch (IOException e) {
      // The connection was lost: what this publisher is there for.
    }
    return answer;
  }

  /**
   * Checks that what was answered is there, where the answer says; once where it was sent once, and
   * no more often than it was sent; and in order.
   *
   * @param seen all that a member has received
   */
  public void check(List<Received> seen) {
    Map<String, List<String>> ids = new HashMap<>();
    for (Received each : seen) {
      ids.computeIfAbsent(each.event(), event -> new ArrayList<>()).add(each.id());
    }
    long last = 0;
    for (Published each : published) {
      List<String> found = ids.getOrDefault(each.event(), List.of());
      assertTrue(found.contains(each.id().toString()), () -> each + " is at " + found);
      assertTrue(found.size() <= each.attempts(), () -> each + " is at " + found);
      assertEquals(found.size(), found.stream().distinct().count(), each::toString);
      assertTrue(each.id().number() > last, () -> "out of order: " + each);
      last = each.id().number();
    }
  }

  /** How many events it had to send again. */
  public long retried() {
    return published.stream().filter(each -> each.attempts() > 1).count();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
    relay.close();
  }
}
