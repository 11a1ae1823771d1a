package io.pipely.jetty;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Pipely;
import io.pipely.Receipt;
import io.pipely.Subscriber;
import io.pipely.contract.RawRequest;
import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that vanish without a word, with all times as they really are: it takes more than a
 * minute, so that it is run by {@code .ci/run}, or with {@code -Dtest.left-out=nothing}.
 */
@Tag("long")
class HalfOpenIT {

  private static final Path RETRIES = Path.of("/proc/sys/net/ipv4/tcp_retries2");

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Pipely pipely = Pipely.create();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<CutLink> links = new ArrayList<>();
  private String retries;
  private PipelyServer server;

  /** One who stays, and takes down who leaves. */
  private static final class Witness implements Subscriber {

    private final Queue<String> left = new ConcurrentLinkedQueue<>();
    private volatile long leftAt;
    private volatile boolean hasCome;

    @Override
    public void deliver(Batch batch, Done done) {
      for (int i = 0; i < batch.size(); i++) {
        Event event = batch.event(i);
        if (event.type().equals("DISCONNECT")) {
          leftAt = System.nanoTime();
          left.add(event.originId());
        }
        hasCome |= event.type().equals("CONNECT") && event.originId().equals("client");
      }
      done.complete(null);
    }
  }

  @BeforeEach
  void start() throws Exception {
    assumeTrue(CutLink.isPossible(), "skipped: cutting a link takes Linux, root, and iproute2");
    try (BufferedReader reader = Files.newBufferedReader(RETRIES)) {
      retries = reader.readLine(); // Files.readString reads no more of it than one digit.
    }
    Files.writeString(RETRIES, "5");
    server = PipelyServer.builder(pipely).address(new InetSocketAddress("0.0.0.0", 0)).start();
  }

  @AfterEach
  void stop() throws Exception {
    executor.shutdownNow();
    try {
      for (CutLink link : links) {
        link.close();
      }
    } finally {
      if (retries != null) {
        Files.writeString(RETRIES, retries);
      }
      if (server != null) {
        server.close();
      }
      pipely.close();
    }
  }

  @Test
  void aClientWhosePacketsAreLostLeavesOnceWithin30Seconds() throws Exception {
    List<Future<Duration>> cuts = new ArrayList<>();
    for (int silence : new int[] {2, 12, 22, 40}) {
      CutLink link = lay();
      cuts.add(executor.submit(() -> timeToLeave(link, Duration.ofSeconds(silence), false)));
    }
    CutLink link = lay();
    cuts.add(executor.submit(() -> timeToLeave(link, Duration.ofSeconds(2), true)));

    List<Duration> times = new ArrayList<>();
    for (Future<Duration> cut : cuts) {
      times.add(cut.get(2, TimeUnit.MINUTES));
    }
    System.out.println("noticed after " + times);
    assertTrue(times.stream().allMatch(time -> time.compareTo(LIMIT) < 0), times::toString);
  }

  private CutLink lay() throws Exception {
    CutLink link = CutLink.lay();
    links.add(link);
    return link;
  }

  /** How long it takes from the cut to the one DISCONNECT. */
  private Duration timeToLeave(CutLink link, Duration silence, boolean hasTraffic)
      throws Exception {
    String channel = "cut-chann%03d".formatted(link.number());
    Witness witness = new Witness();
    pipely.join(
        Join.of(channel, "witness"),
        witness,
        Answer.<Membership>of(member -> {}, why -> witness.left.add("not joined: " + why)));
    link.open(server.uri().getPort(), RawRequest.subscribe(channel, "client").target());
    await().atMost(Duration.ofSeconds(10)).until(() -> witness.hasCome);

    Thread.sleep(silence.toMillis());
    link.cut();
    long cutAt = System.nanoTime();
    while (witness.left.isEmpty() && System.nanoTime() - cutAt < 2 * LIMIT.toNanos()) {
      if (hasTraffic) {
        pipely.publish(channel, "tick", null, Answer.<Receipt>of(receipt -> {}, why -> {}));
      }
      Thread.sleep(200);
    }
    Thread.sleep(2000); // For a second one, which must not come.
    assertEquals(List.of("client"), List.copyOf(witness.left));
    return Duration.ofNanos(witness.leftAt - cutAt);
  }
}
