package io.pipely.endurance.nodes;

import io.pipely.contract.EventId;
import io.pipely.contract.Events;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.endurance.stress.Faults;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes to channels at random by way of one node, at a steady rate, each event once, and writes
 * down which were accepted: what was answered otherwise may have been published all the same.
 */
final class Sender implements AutoCloseable {

  private final URI node;
  private final String name;
  private final List<String> channelIds;
  private final Random random;
  private final long period;
  private final Faults faults;
  private final Thread thread = new Thread(this::run);

  /** What was accepted, by the events' texts. */
  private final Map<String, EventId> accepted = new ConcurrentHashMap<>();

  private final AtomicInteger unknown = new AtomicInteger();
  private volatile boolean isClosed;
  private int sent;

  Sender(
      URI node,
      String name,
      List<String> channelIds,
      int eventsPerSecond,
      Random random,
      Faults faults) {
    this.node = node;
    this.name = name;
    this.channelIds = channelIds;
    this.random = random;
    this.period = Duration.ofSeconds(1).toNanos() / eventsPerSecond;
    this.faults = faults;
    thread.setName(name);
    thread.setDaemon(true);
    thread.start();
  }

  Map<String, EventId> accepted() {
    return accepted;
  }

  /** Of how many it does not know what became of them. */
  int unknown() {
    return unknown.get();
  }

  private void run() {
    while (!isClosed) {
      try (Http http = Http.connect(node)) {
        publish(http);
      } catch (IOException | AssertionError e) {
        unknown.incrementAndGet(); // Of a request that was sent, and even where none was.
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  /** Until something goes wrong. */
  private void publish(Http http) throws IOException {
    long next = System.nanoTime();
    while (!isClosed) {
      String channelId = channelIds.get(random.nextInt(channelIds.size()));
      String event = Events.event(channelId, "chat", name, String.valueOf(sent++));
      Http.Response answer = http.ask(RawRequest.publish(event));
      if (answer.status() == 200) {
        accepted.put(event, EventId.parse(answer.headers().only("Pipely-Event-Id")));
      } else {
        boolean isAway = "store_unavailable".equals(answer.headers().only("Pipely-Error"));
        faults.unless(isAway, () -> name + " was refused: " + answer);
        unknown.incrementAndGet();
      }
      next = Math.max(next + period, System.nanoTime() - period);
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /** Waits until it sends no more. */
  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    thread.join();
  }
}
