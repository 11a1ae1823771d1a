package io.pipely.endurance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.contract.Together;
import io.pipely.testing.Seeds;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that end in every way there is leave nothing behind. */
@Tag("long")
class LeaksIT {

  private static final int VISITORS = 8;

  /** Enough of each kind that caches have the size they will have. */
  private static final int WARM_UP = 2_000;

  /** Channels that are full at the same time: a larger crowd than any later, for the pools. */
  private static final int CROWDS = 7;

  private static final int CONNECTS = 10_000;

  private static final String KEY = "the-key-of-the-server";

  private static final Map<String, String> OPTIONS =
      Map.of(
          "serverKey", KEY,
          "maxMembers", String.valueOf(Visitor.MAX_MEMBERS),
          "grace", "1s",
          "heartbeat", "1s",
          "stall", "2s");

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfTenThousandConnectsAndAborts(ServerKind kind) {
    Seeds.fresh(
        random -> {
          try (ServerProcess server = ServerProcess.start(kind, OPTIONS)) {
            crowd(server.uri());
            visit(server.uri(), WARM_UP, random);
            awaitNoChannel(server);
            Holdings before = Holdings.atRest(server);

            visit(server.uri(), CONNECTS, random);

            awaitNoChannel(server);
            await()
                .atMost(Patience.MANY)
                .untilAsserted(() -> assertEquals(List.of(), before.leftIn(Holdings.of(server))));
          }
        });
  }

  private static void crowd(URI server) throws IOException {
    List<SseClient> crowd = new ArrayList<>();
    for (int i = 0; i < CROWDS; i++) {
      crowd.addAll(Visitor.fill(server, "crowded-000" + i));
    }
    for (SseClient one : crowd) {
      one.close();
    }
  }

  private static void visit(URI server, int connects, Random random) throws Exception {
    List<SseClient> full = Visitor.fill(server, Visitor.FULL);
    AtomicInteger made = new AtomicInteger();
    long seed = random.nextLong();
    Together.run(
        VISITORS,
        Duration.ofMinutes(10),
        number -> {
          try (Visitor visitor = new Visitor(server, number, new Random(seed + number))) {
            visitor.makeVisits(connects / VISITORS);
            made.addAndGet(visitor.connects());
          }
        });
    for (SseClient resident : full) {
      resident.close();
    }
    assertTrue(made.get() >= connects, () -> made + " connects");
  }

  private static void awaitNoChannel(ServerProcess server) {
    await()
        .atMost(Patience.MANY)
        .untilAsserted(
            () ->
                assertEquals(
                    "[]",
                    Http.once(server.uri(), RawRequest.get("/channels").serverKey(KEY)).text()));
  }
}
