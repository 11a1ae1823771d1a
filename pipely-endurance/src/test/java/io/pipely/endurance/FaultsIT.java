package io.pipely.endurance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Answers;
import io.pipely.contract.Events;
import io.pipely.contract.Fates;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.ReconnectingClient;
import io.pipely.contract.ReconnectingClients;
import io.pipely.contract.RetryingPublisher;
import io.pipely.contract.Together;
import io.pipely.testing.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A bad network between the server and everybody: connections that are late, drip, and are cut in
 * every way at any byte, of those who listen and of those who publish.
 */
@Tag("long")
class FaultsIT {

  private static final int MEMBERS = 8;
  private static final int PUBLISHERS = 4;
  private static final int EVENTS = 1_000;

  /** Members come back much earlier; who does not is waited for. */
  private static final Map<String, String> OPTIONS =
      Map.of("keepBytes", "16MiB", "keepTime", "5m", "grace", "20s", "heartbeat", "1s");

  private static final Duration END = Patience.MANY.multipliedBy(2);

  /** A thread more or less of a pool is chance; of hundreds of connections none may be left. */
  private static final int SOME_THREADS = 8;

  private static final List<String> OF_CHANNELS =
      Stream.of("Channel", "Member", "Attachment").map(each -> "io.pipely.core." + each).toList();

  @ParameterizedTest
  @EnumSource
  void nothingIsLostOrDoubledAndNothingIsLeftBehind(ServerKind kind) throws Exception {
    Seeds.fresh(
        random -> {
          try (ServerProcess server = ServerProcess.start(kind, OPTIONS)) {
            sendThroughFaults(server, random); // Pools and caches have grown after that.
            awaitThatAllHaveLeft(server);
            int descriptors = server.openDescriptors();
            int threads = server.threads();

            int cuts = sendThroughFaults(server, random);

            awaitThatAllHaveLeft(server);
            await("descriptors, of which there were " + descriptors)
                .atMost(END)
                .until(server::openDescriptors, now -> now <= descriptors);
            await("threads, of which there were " + threads)
                .atMost(END)
                .until(server::threads, now -> now <= threads + SOME_THREADS);
            assertTrue(cuts > 10 * SOME_THREADS, () -> "only " + cuts + " cuts");
            System.out.println(
                kind
                    + (": " + cuts + " cuts; descriptors " + descriptors)
                    + (", now " + server.openDescriptors())
                    + ("; threads " + threads + ", now " + server.threads()));
          }
        });
  }

  /** Returns how many connections have been cut. */
  private static int sendThroughFaults(ServerProcess server, Random random) throws Exception {
    List<RetryingPublisher> publishers = new ArrayList<>();
    try (ReconnectingClients clients = new ReconnectingClients(server.uri())) {
      for (int i = 0; i < MEMBERS; i++) {
        clients.join("member-" + i, Fates.ofStreams(new Random(random.nextLong())));
      }
      for (int i = 0; i < PUBLISHERS; i++) {
        Random chance = new Random(random.nextLong());
        publishers.add(RetryingPublisher.to(server.uri(), Fates.ofPublishers(chance)));
      }

      Together.run(PUBLISHERS, number -> publishAll(number, publishers.get(number)));
      clients.publishLast(Events.event("last", "publisher", "null"));

      clients.assertAllSawTheSame();
      List<ReconnectingClient.Received> seen = clients.afterAllHadJoined(clients.witness());
      int cuts = 0;
      for (RetryingPublisher publisher : publishers) {
        publisher.check(seen);
        assertTrue(publisher.retried() > 0, "nothing was cut");
        cuts += publisher.cuts();
      }
      for (ReconnectingClient client : clients.others()) {
        cuts += client.cuts();
      }
      assertNobodyWasSeenToComeOrGo(seen);
      return cuts;
    } finally {
      for (RetryingPublisher publisher : publishers) {
        publisher.close();
      }
    }
  }

  private static void publishAll(int number, RetryingPublisher publisher) throws IOException {
    for (int i = 0; i < EVENTS; i++) {
      publisher.publish(Events.event("chat", "publisher-" + number, String.valueOf(i)));
    }
  }

  private static void assertNobodyWasSeenToComeOrGo(List<ReconnectingClient.Received> seen) {
    List<ReconnectingClient.Received> others =
        seen.stream().filter(each -> !each.event().contains("\"type\":\"chat\"")).toList();
    assertEquals(1, others.size(), others::toString); // The last one of all.
  }

  /** Half of them say so; the others are let go of after their grace. */
  private static void awaitThatAllHaveLeft(ServerProcess server) throws Exception {
    for (int i = 0; i < MEMBERS / 2; i++) {
      String clientId = "member-" + i;
      RawRequest leave = RawRequest.leave(Events.CHANNEL, clientId, "the-token-of-" + clientId);
      Answers.assertAccepted(Http.once(server.uri(), leave));
    }
    await("nothing left of channels")
        .atMost(END)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Map<String, Integer> instances = server.instances();
              return OF_CHANNELS.stream().noneMatch(instances::containsKey);
            });
  }
}
