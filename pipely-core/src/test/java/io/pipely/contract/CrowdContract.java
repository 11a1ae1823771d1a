package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many clients that join one channel at once; ten of them made the original server hang. */
public interface CrowdContract extends Contract {

  @Test
  default void tenClientsThatJoinAtOnceAllSeeEachOther() throws Exception {
    assertAllSeeEachOther(10);
  }

  @Test
  default void aThousandClientsThatJoinAtOnceAllSeeEachOther() throws Exception {
    assertAllSeeEachOther(1000);
  }

  @Test
  default void ofTwentyClientsThatJoinAtOnceUnderOneIdOneGetsIn() throws Exception {
    Set<Integer> statuses = Collections.synchronizedSet(new TreeSet<>());
    List<SseClient> clients = Collections.synchronizedList(new ArrayList<>());

    Together.run(
        20,
        number -> {
          SseClient client = served().open(RawRequest.subscribe(CHANNEL, "ann"));
          statuses.add(client.status());
          if (client.status() == 200) {
            clients.add(client);
          }
        });

    assertEquals(Set.of(200, 400), statuses);
    assertEquals(1, clients.size());
    clients.get(0).expect(Events.clientList("ann"), Events.connect("ann"));
  }

  @Test
  default void ofTwoPasswordsThatANewChannelIsMadeWithAtOnceOneHolds() throws Exception {
    Map<String, SseClient> clients = new ConcurrentHashMap<>();

    Together.run(
        20,
        number -> {
          String password = number < 10 ? "tweedledum" : "tweedledee";
          String id = password + "-" + number;
          clients.put(id, served().open(RawRequest.subscribe(CHANNEL, id, password)));
        });

    List<String> inside =
        clients.keySet().stream().filter(id -> clients.get(id).status() == 200).toList();
    assertEquals(10, inside.size(), clients::toString);
    assertEquals(1, inside.stream().map(id -> id.replaceAll("-.*", "")).distinct().count());
    clients.forEach(
        (id, client) -> assertEquals(inside.contains(id) ? 200 : 401, client.status(), id));
  }

  /** Each gets the list, its own CONNECT and those of all who came after it: no more, no fewer. */
  private void assertAllSeeEachOther(int count) throws IOException {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "client-" + i).toList();
    try (Swarm swarm = new Swarm()) {
      for (String id : ids) {
        swarm.add(served().uri(), RawRequest.subscribe(CHANNEL, id));
      }
      swarm.runUntil(
          () -> swarm.clients().stream().allMatch(client -> client.view().size() == count),
          Patience.MANY);

      // What anybody got too often would come ahead of this.
      Answers.assertAccepted(publish(event("last", "client-0", "null")));
      int total = IntStream.rangeClosed(1, count).map(place -> place + 2).sum();
      swarm.runUntil(
          () -> swarm.clients().stream().mapToInt(Swarm.Client::events).sum() >= total,
          Patience.MANY);

      assertEquals(total, swarm.clients().stream().mapToInt(Swarm.Client::events).sum());
      assertEquals(
          1,
          swarm.clients().stream().map(client -> client.view().members()).distinct().count(),
          "orders of joining");
      assertEquals(Set.copyOf(ids), Set.copyOf(swarm.clients().get(0).view().members()));
      assertEquals(
          IntStream.rangeClosed(3, count + 2).boxed().collect(Collectors.toSet()),
          swarm.clients().stream().map(Swarm.Client::events).collect(Collectors.toSet()));
    }
  }
}
