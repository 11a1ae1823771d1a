package io.pipely.endurance;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pipely.contract.Answers;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the others have to suffer from members that read too slowly, or not at all: nothing. */
@Tag("long")
class SlowReadersIT {

  private static final int MEMBERS = 200;
  private static final int TRICKLERS = 20;

  /** Those whose latencies are compared; where nobody is slow, the others read as well as they. */
  private static final int MEASURED = MEMBERS - TRICKLERS - 1;

  private static final int RUNS = 5;

  /** How many times as long a delivery may take, where some are slow; in every hundredth. */
  private static final double MOST = 2;

  /** Its default is four times as much, for which the runs would have to be as much longer. */
  private static final Map<String, String> KEEPS_LITTLE = Map.of("keepBytes", "256KiB");

  /** In 6 s nearly 1 MB, which is twice what the systems and the channel keep for a slow one. */
  private static final int EVENTS = 240;

  private static final Duration PERIOD = Duration.ofMillis(25);
  private static final TimedEvents TIMED = TimedEvents.ofLength(4000);

  private static final String GAP = "\"type\":\"GAP\"";

  @ParameterizedTest
  @EnumSource
  void whoStopsAndWhoTricklesDelayNobody(ServerKind kind) throws Exception {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(kind, KEEPS_LITTLE)) {
      allReadWell(server.uri()); // What the JVM has to learn is the affair of these two.
      someAreSlow(server.uri());
      for (int i = 0; i < RUNS; i++) {
        without.add(allReadWell(server.uri()).percentile(99));
        with.add(someAreSlow(server.uri()).percentile(99));
      }
    }
    String figures =
        String.format(
            Locale.ROOT,
            "%s: p99 in ms without slow ones %.1f of %s, with them %.1f of %s",
            kind,
            median(without),
            without,
            median(with),
            with);
    System.out.println(figures);
    assertTrue(median(with) <= MOST * median(without), figures);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static Latencies allReadWell(URI server) throws Exception {
    Latencies latencies;
    try (Readers good = new Readers()) {
      join(good, server, MEMBERS);
      latencies = latenciesOfPublishing(server, good);
      assertUndisturbed(good);
    }
    awaitEndOfChannel(server);
    System.out.println("all read well: " + latencies);
    return latencies;
  }

  /** The slow ones join last: a channel serves them first. */
  private static Latencies someAreSlow(URI server) throws Exception {
    Latencies latencies;
    try (Readers good = new Readers();
        Tricklers tricklers = new Tricklers()) {
      join(good, server, MEASURED);
      for (int i = 0; i < TRICKLERS; i++) {
        tricklers.add(server, subscribe("trickler-" + i));
      }
      try (ReaderProcess stopped = ReaderProcess.open(server, subscribe("stopped"))) {
        stopped.awaitText(connect("stopped"));
        awaitMembers(server, MEMBERS);
        stopped.stop();
        tricklers.start();

        latencies = latenciesOfPublishing(server, good);

        tricklers.stop();
        assertUndisturbed(good);
        tricklers.readUpTo(GAP); // So they were further behind than the channel keeps events.
        stopped.resume();
        stopped.awaitText(GAP);
        String last = event("last", "publisher", "null");
        Answers.assertAccepted(Http.once(server, RawRequest.publish(last)));
        stopped.awaitText(last);
      }
    }
    awaitEndOfChannel(server);
    System.out.println("some are slow: " + latencies);
    return latencies;
  }

  @ParameterizedTest
  @EnumSource
  void whoIsStoppedForLongerThanTheDeadlineIsClosed(ServerKind kind) throws Exception {
    Map<String, String> strict = Map.of("stall", "2s");
    String timeout = "-D" + ServerMain.TOMCAT_TIMEOUT + "=2000";
    try (ServerProcess server = ServerProcess.start(kind, strict, timeout);
        Readers good = new Readers();
        ReaderProcess stopped = ReaderProcess.open(server.uri(), subscribe("stopped"))) {
      stopped.awaitText(connect("stopped"));
      join(good, server.uri(), 1);
      stopped.stop();

      latenciesOfPublishing(server.uri(), good);

      Reader only = good.all().get(0);
      good.await(() -> !only.others("DISCONNECT").isEmpty(), Patience.MANY);
      assertEquals(List.of(disconnect("stopped")), only.others("DISCONNECT"));
      stopped.resume();
      stopped.awaitEnd();
    }
  }

  private static RawRequest subscribe(String clientId) {
    return RawRequest.subscribe(CHANNEL, clientId);
  }

  private static void join(Readers good, URI server, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      good.add(server, subscribe("good-" + i));
    }
    for (int i = 0; i < count; i++) {
      Reader reader = good.all().get(i);
      String id = "good-" + i;
      good.await(() -> reader.knows(id), Patience.MANY);
    }
  }

  private static void awaitMembers(URI server, int count) {
    RawRequest look = RawRequest.get("/channel/" + CHANNEL);
    ObjectMapper json = new ObjectMapper();
    await()
        .atMost(Patience.MANY)
        .until(() -> json.readTree(Http.once(server, look).body()).get("clients").size() == count);
  }

  private static Latencies latenciesOfPublishing(URI server, Readers good) throws Exception {
    try (Http publisher = Http.connect(server)) {
      long start = System.nanoTime();
      for (int i = 0; i < EVENTS; i++) {
        long due = start + i * PERIOD.toNanos();
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        Answers.assertAccepted(publisher.ask(TIMED.publication(i, due)));
      }
    }
    good.awaitReceived(EVENTS, Patience.MANY);
    return Latencies.of(good.all().subList(0, Math.min(MEASURED, good.all().size())));
  }

  private static void assertUndisturbed(Readers good) {
    for (Reader reader : good.all()) {
      assertEquals(List.of(), reader.others("GAP"), reader::toString);
      assertEquals(List.of(), reader.others("DISCONNECT"), reader::toString);
    }
  }

  /** Publishes until nobody is left: some servers see only by writing that a client has gone. */
  private static void awaitEndOfChannel(URI server) {
    RawRequest probe = RawRequest.publish(event("probe", "publisher", "null"));
    await().atMost(Patience.MANY).until(() -> Http.once(server, probe).status() == 404);
  }
}
