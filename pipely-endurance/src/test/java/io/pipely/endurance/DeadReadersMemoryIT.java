package io.pipely.endurance;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.disconnect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Answers;
import io.pipely.contract.Http;
import io.pipely.contract.LazyReader;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A gigabyte passes five hundred members that never read, in a small heap. How many bytes it is,
 * the system property {@code pipely.endurance.bytes} may say.
 */
@Tag("long")
class DeadReadersMemoryIT {

  private static final long BYTES = Long.getLong("pipely.endurance.bytes", 1L << 30);

  private static final int DEAD = 500;
  private static final int GOOD = 20;

  /** As long as a body may be, so that each takes one batch alone. */
  private static final int EVENT_BYTES = 64 << 10;

  private static final TimedEvents TIMED = TimedEvents.ofLength(EVENT_BYTES);

  private static final int EVENTS = (int) (BYTES / EVENT_BYTES);

  /**
   * How many events the publisher is ahead of the slowest good reader: a quarter of what is kept.
   */
  private static final int WINDOW = 4;

  private static final int TINY_BUFFER = 4 << 10;

  /** Also how much direct memory there may be, where nothing else is said. */
  private static final long MAX_HEAP = 128L << 20;

  /** What one who hangs may hold of the heap: the batch it does not take... */
  private static final long BATCH = 68 << 10;

  /** ...while the channel's, the server's and the JVM's own are of this order. */
  private static final long EVERYTHING_ELSE = 16L << 20;

  /** That a server may leave to the kernel, which takes twice what it is told. */
  private static final long MOST_UNSENT = DEAD * 2 * (64L << 10);

  /** Code, stacks, and what the collector and the compilers need for themselves. */
  private static final long JVM_ITSELF = 128L << 20;

  /** The launcher's flags: the second is what it sets by itself. */
  private static final String[] SMALL = {"-Xmx128m", "-XX:G1PeriodicGCInterval=20000"};

  @ParameterizedTest
  @EnumSource
  void whoNeverReadsIsClosedWhileTheOthersReadAGigabyte(ServerKind kind) throws Exception {
    try (ServerProcess server = ServerProcess.start(kind, Map.of(), SMALL);
        Readers good = new Readers();
        LazyReaders dead = new LazyReaders()) {
      join(good, server.uri());
      int before = server.openDescriptors();
      publishAll(server.uri(), good, dead);

      Reader first = good.all().get(0);
      good.await(() -> first.others("DISCONNECT").size() >= DEAD, Patience.MANY);
      await().atMost(Patience.MANY).until(() -> server.openDescriptors() <= before + 5);
      int together = first.receivedBefore("DISCONNECT") - DEAD;
      System.out.println(
          kind + ": with all of them there: MiB " + (((long) together * EVENT_BYTES) >> 20));
      assertEquals(
          IntStream.range(0, DEAD).mapToObj(i -> disconnect(id(i))).sorted().toList(),
          first.others("DISCONNECT").stream().sorted().toList());
      assertAllIsBounded(kind, server, 0);
      assertNothingWasLeftOut(good);
    }
  }

  @ParameterizedTest
  @EnumSource
  void memoryIsBoundedWhereThoseWhoNeverReadStay(ServerKind kind) throws Exception {
    Map<String, String> patient = Map.of("stall", "10m", "keepTime", "10m");
    String[] jvm = {SMALL[0], SMALL[1], "-D" + ServerMain.TOMCAT_TIMEOUT + "=600000"};
    try (ServerProcess server = ServerProcess.start(kind, patient, jvm);
        Readers good = new Readers();
        LazyReaders dead = new LazyReaders()) {
      join(good, server.uri());
      publishAll(server.uri(), good, dead);

      assertAllIsBounded(kind, server, DEAD);
      assertNothingWasLeftOut(good);
      for (Reader reader : good.all()) {
        assertEquals(List.of(), reader.others("DISCONNECT"), reader::toString);
      }
    }
  }

  /** Closes them all. */
  private static final class LazyReaders implements AutoCloseable {

    private final List<LazyReader> all = new ArrayList<>();

    void add(LazyReader reader) {
      all.add(reader);
    }

    @Override
    public void close() throws IOException {
      for (LazyReader reader : all) {
        reader.close();
      }
    }
  }

  private static String id(int number) {
    return "dead-" + number;
  }

  /** Every second one has a token, so that it has a grace once it was closed. */
  private static RawRequest subscribe(int number) {
    RawRequest plain = RawRequest.subscribe(CHANNEL, id(number));
    return number % 2 == 0
        ? plain
        : plain.parameter("token", "token-of-one-that-is-dead-" + number);
  }

  private static void join(Readers good, URI server) throws Exception {
    for (int i = 0; i < GOOD; i++) {
      String id = "good-" + i;
      Reader reader = good.add(server, RawRequest.subscribe(CHANNEL, id));
      good.await(() -> reader.knows(id), Patience.MANY);
    }
  }

  /**
   * Publishes as fast as the good ones read. Ahead of each of the first events one more joins who
   * never reads, so that no two of them hang at the same place of the log, and share its bytes.
   */
  private static void publishAll(URI server, Readers good, LazyReaders dead) throws Exception {
    Reader first = good.all().get(0);
    long start = System.nanoTime();
    try (Http publisher = Http.connect(server)) {
      for (int i = 0; i < EVENTS; i++) {
        if (i < DEAD) {
          String joined = id(i);
          dead.add(LazyReader.open(server, subscribe(i), TINY_BUFFER));
          good.await(() -> first.knows(joined), Patience.MANY);
        }
        Answers.assertAccepted(publisher.ask(TIMED.publication(i, System.nanoTime())));
        good.awaitReceived(i + 1 - WINDOW, Patience.MANY);
      }
    }
    good.awaitReceived(EVENTS, Patience.MANY);
    System.out.println("published in s: " + (System.nanoTime() - start) / 1_000_000_000);
  }

  private static void assertNothingWasLeftOut(Readers good) {
    for (Reader reader : good.all()) {
      assertEquals(EVENTS, reader.received(), reader::toString);
      assertEquals(List.of(), reader.others("GAP"), reader::toString);
    }
  }

  /** With what a server needs for a connection, and may have in store once it is closed. */
  private static long mostHeap(ServerKind kind, int hanging) {
    long connection =
        switch (kind) {
          case JETTY -> 16 << 10;
          case TOMCAT -> 112 << 10; // Its buffers, those for text as well, which nobody uses.
        };
    return hanging * BATCH + DEAD * connection + EVERYTHING_ELSE;
  }

  private static void assertAllIsBounded(ServerKind kind, ServerProcess server, int hanging)
      throws Exception {
    long unsent = SendQueues.bytes(server.uri().getPort());
    ServerMemory memory = ServerMemory.of(server);
    String figures = kind + ": " + memory + ", unsent " + (unsent >> 20);
    System.out.println(figures);
    assertAll(
        figures,
        () -> assertTrue(server.isAlive(), "is alive"),
        () ->
            assertTrue(
                server.lines().stream().noneMatch(line -> line.contains("OutOfMemoryError")),
                server::toString),
        () -> assertTrue(memory.heap() <= mostHeap(kind, hanging), "heap"),
        () -> assertTrue(memory.direct() <= MAX_HEAP / 2, "direct memory"),
        () -> assertTrue(memory.mostResident() <= 2 * MAX_HEAP + JVM_ITSELF, "resident"),
        () -> assertTrue(unsent <= MOST_UNSENT, "unsent"));
  }
}
