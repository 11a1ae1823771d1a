package io.pipely.endurance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.endurance.stress.Settings;
import io.pipely.endurance.stress.Stress;
import io.pipely.endurance.stress.Tally;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One run of the stress program, and what the server is like after it. */
final class StressRun {

  private static final String KEY = "the-key-of-the-server";

  /** So short that a minute sees it run out often, and a log that soon forgets. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final int KEEP_BYTES = 64 << 10;

  private static final Map<String, String> OPTIONS =
      Map.of(
          "serverKey",
          KEY,
          "grace",
          GRACE.toMillis() + "ms",
          "keepBytes",
          String.valueOf(KEEP_BYTES),
          "keepTime",
          "10m",
          "maxBody",
          String.valueOf(KEEP_BYTES / 4),
          "heartbeat",
          "1s");

  private static final Pattern TROUBLE =
      Pattern.compile("\\b(WARN|WARNING|ERROR|SEVERE)\\b|Exception|\\tat ");

  /** Generous: a leak grows for as long as the run lasts. */
  private static final double MORE_HEAP = 1.25;

  private static final long MORE_HEAP_BYTES = 4 << 20;

  private StressRun() {}

  /** Runs against a server that is there. */
  static Tally against(URI server, Settings settings) throws Exception {
    System.out.println("seed " + settings.seed());
    Tally tally =
        Stress.run(server, settings, number -> System.out.println("round " + number + " is over"));
    System.out.println(tally);
    return tally;
  }

  /** Runs against a server of its own. */
  static Tally of(ServerKind kind, long seed, Duration time, int clients, int channels)
      throws Exception {
    Settings settings = new Settings(seed, time, clients, channels, KEEP_BYTES, GRACE, KEY);
    System.out.println(kind + ", seed " + seed);
    try (ServerProcess server = ServerProcess.start(kind, OPTIONS)) {
      Watch watch = new Watch(server, time);
      Tally tally = Stress.run(server.uri(), settings, watch::roundIsOver);
      System.out.println(tally);
      watch.runIsOver();
      return tally;
    }
  }

  /** Looks at a server between rounds, when nobody is there. */
  private static final class Watch {

    private final ServerProcess server;
    private final long quarter;

    /** After the first round, which has been a warm-up. */
    private Holdings before;

    /** The heap in use after a quarter of the time, in bytes; 0 until then. */
    private long heapBefore;

    Watch(ServerProcess server, Duration time) {
      this.server = server;
      this.quarter = System.nanoTime() + time.toNanos() / 4;
    }

    void roundIsOver(int number) throws Exception {
      assertEquals(
          "[]", Http.once(server.uri(), RawRequest.get("/channels").serverKey(KEY)).text());
      System.out.println("round " + number + " is over");
      if (before == null) {
        before = Holdings.atRest(server);
      }
      if (heapBefore == 0 && System.nanoTime() - quarter >= 0) {
        heapBefore = heap();
        System.out.println("heap after round " + number + ": " + heapBefore + " bytes");
      }
    }

    void runIsOver() throws Exception {
      await()
          .atMost(Patience.MANY)
          .untilAsserted(() -> assertEquals(List.of(), before.leftIn(Holdings.of(server))));
      long heap = heap();
      System.out.println("heap at the end: " + heap + " bytes");
      assertTrue(
          heap <= heapBefore * MORE_HEAP + MORE_HEAP_BYTES,
          () -> "the heap has grown from " + heapBefore + " to " + heap);
      List<String> troubles =
          server.lines().stream()
              .dropWhile(line -> !line.startsWith(ServerProcess.LISTENING))
              .filter(line -> TROUBLE.matcher(line).find())
              .toList();
      assertEquals(List.of(), troubles, server::toString);
    }

    /** What is reachable, in bytes. */
    private long heap() throws Exception {
      // "Total       123456        7890123"
      String total =
          server.jcmd("GC.class_histogram").stream()
              .filter(line -> line.startsWith("Total"))
              .findFirst()
              .orElseThrow();
      return Long.parseLong(total.substring(total.lastIndexOf(' ') + 1));
    }
  }
}
