package io.pipely.endurance.nodes;

import static org.awaitility.Awaitility.await;

import io.pipely.contract.EventId;
import io.pipely.contract.Events;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.endurance.stress.Fact;
import io.pipely.endurance.stress.Faults;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Many channels on two nodes, each with four members: at either node one that comes back and one
 * that does not. Meanwhile two publish at either node.
 */
public final class Party implements AutoCloseable {

  private static final int SENDERS = 4;
  private static final int PROBERS = 8;

  private final List<URI> nodes;
  private final Faults faults = new Faults();
  private final Map<String, List<Guest>> channels = new LinkedHashMap<>();
  private final List<Sender> senders = new ArrayList<>();

  /** Those who were there, and whom nobody waits for any more. */
  private final List<Guest> gone = new ArrayList<>();

  /** The node that is not to be asked at present; none if negative. */
  private int away = -1;

  /** Lets all come, at once. */
  public Party(List<URI> nodes, int channelCount) {
    this.nodes = List.copyOf(nodes);
    for (int i = 0; i < channelCount; i++) {
      String channelId = "nodes-%06d".formatted(i);
      List<Guest> guests = new ArrayList<>();
      for (int node = 0; node < nodes.size(); node++) {
        guests.add(new Guest(channelId, "regular-" + node, true, homeFirst(node)));
        guests.add(new Guest(channelId, "passer-by-" + node, false, List.of(nodes.get(node))));
      }
      channels.put(channelId, guests);
    }
  }

  private List<URI> homeFirst(int node) {
    return List.of(nodes.get(node), nodes.get(1 - node));
  }

  /** Begins to publish. */
  public void publish(int eventsPerSecond, Random random) {
    List<String> ids = List.copyOf(channels.keySet());
    for (int i = 0; i < SENDERS; i++) {
      Random own = new Random(random.nextLong());
      URI node = nodes.get(i % nodes.size());
      senders.add(new Sender(node, "sender-" + i, ids, eventsPerSecond / SENDERS, own, faults));
    }
  }

  /** Publishes no more. */
  public void publishNoMore() throws InterruptedException {
    for (Sender sender : senders) {
      sender.close();
    }
  }

  public int accepted() {
    return senders.stream().mapToInt(sender -> sender.accepted().size()).sum();
  }

  public int unknown() {
    return senders.stream().mapToInt(Sender::unknown).sum();
  }

  /** A node has ended: those who do not come back are taken for gone. */
  public void hasEnded(int node) {
    away = node;
    for (List<Guest> guests : channels.values()) {
      guests.stream().filter(guest -> is(guest, "passer-by-" + node)).forEach(gone::add);
      guests.removeAll(gone);
    }
  }

  private static boolean is(Guest guest, String clientId) {
    return guest.clientId().equals(clientId);
  }

  /** A node is there again: those who belong there go back to it. */
  public void isBack(int node) throws IOException {
    away = -1;
    for (List<Guest> guests : channels.values()) {
      for (Guest guest : guests) {
        if (is(guest, "regular-" + node)) {
          guest.goHome();
        }
      }
    }
  }

  /**
   * Waits until everybody is served, and members and nodes say the same about who is there: gives
   * how long that took.
   *
   * @throws ConditionTimeoutException where it takes longer than that
   */
  public Duration awaitAgreement(Duration atMost) {
    long start = System.nanoTime();
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(200))
        .until(this::disagreement, ""::equals);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The first that is found; empty where there is none. */
  private String disagreement() throws IOException {
    for (List<Guest> guests : channels.values()) {
      for (Guest guest : guests) {
        if (!guest.isServed()) {
          return guest + " is not served: " + guest.streams();
        }
      }
    }
    for (List<Guest> guests : channels.values()) {
      for (Guest guest : guests) {
        if (!guest.view().equals(ids(guests))) {
          return guest + " sees " + guest.view() + " by " + guest.streams();
        }
      }
    }
    for (int node = 0; node < nodes.size(); node++) {
      String disagreement = node == away ? "" : disagreementOf(nodes.get(node));
      if (!disagreement.isEmpty()) {
        return disagreement;
      }
    }
    return "";
  }

  private String disagreementOf(URI node) throws IOException {
    try (Http http = Http.connect(node)) {
      for (Map.Entry<String, List<Guest>> channel : channels.entrySet()) {
        Http.Response answer = http.ask(RawRequest.get("/channel/" + channel.getKey()));
        if (answer.status() != 200) {
          return node + " says " + answer;
        }
        List<String> ids = Fact.texts(Fact.json(answer.text()).get("clients"));
        if (!Set.copyOf(ids).equals(ids(channel.getValue()))) {
          return node + " says " + answer;
        }
      }
    }
    return "";
  }

  private static Set<String> ids(List<Guest> guests) {
    return guests.stream().map(Guest::clientId).collect(Collectors.toSet());
  }

  /**
   * Publishes at one node in every channel, and waits until all members have that: gives how long
   * it took until all of one channel had it, and all of the last one.
   */
  public List<Duration> awaitDelivery(int from, Duration atMost) throws Exception {
    long start = System.nanoTime();
    long end = start + atMost.toNanos();
    Map<String, EventId> ids = new ConcurrentHashMap<>();
    ExecutorService probers = Executors.newFixedThreadPool(PROBERS);
    try {
      List<Future<?>> probes = new ArrayList<>();
      Queue<String> left = new ConcurrentLinkedQueue<>(channels.keySet());
      for (int i = 0; i < PROBERS; i++) {
        probes.add(probers.submit(() -> probe(from, left, ids, end)));
      }
      List<Duration> times = new ArrayList<>();
      Set<String> undelivered = new HashSet<>(channels.keySet());
      await()
          .atMost(atMost)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                if (undelivered.removeIf(channelId -> isDelivered(channelId, ids))
                    && times.isEmpty()) {
                  times.add(Duration.ofNanos(System.nanoTime() - start));
                }
                return undelivered;
              },
              Set::isEmpty);
      times.add(Duration.ofNanos(System.nanoTime() - start));
      for (Future<?> probe : probes) {
        probe.get();
      }
      return times;
    } finally {
      probers.shutdownNow();
    }
  }

  /** Publishes in one channel after another of those that are left. */
  private Void probe(int from, Queue<String> left, Map<String, EventId> ids, long end)
      throws IOException, InterruptedException {
    try (Http http = Http.connect(nodes.get(from))) {
      for (String channelId = left.poll(); channelId != null; channelId = left.poll()) {
        ids.put(channelId, publish(channelId, http, end));
      }
    }
    return null;
  }

  private boolean isDelivered(String channelId, Map<String, EventId> ids) {
    EventId id = ids.get(channelId);
    return id != null
        && channels.get(channelId).stream()
            .allMatch(guest -> guest.lastId().filter(last -> isUpTo(last, id)).isPresent());
  }

  private static boolean isUpTo(EventId last, EventId id) {
    return last.epoch().equals(id.epoch()) && last.number() >= id.number();
  }

  /** Again and again, until it is accepted. */
  private static EventId publish(String channelId, Http http, long end)
      throws IOException, InterruptedException {
    String event = Events.event(channelId, "probe", "prober", "null");
    while (true) {
      Http.Response answer = http.ask(RawRequest.publish(event));
      if (answer.status() == 200) {
        return EventId.parse(answer.headers().only("Pipely-Event-Id"));
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(answer.toString());
      }
      Thread.sleep(20);
    }
  }

  /**
   * Judges everything that was received.
   *
   * @param ended the node that has ended, at which those who do not come back have gone for good
   * @param losses how often Redis has lost its data, which is a GAP for everybody who was there
   * @throws AssertionError where anything was wrong
   */
  public void judge(int ended, int losses, Consumer<String> report) {
    Map<String, Map<String, EventId>> accepted = new HashMap<>();
    for (Sender sender : senders) {
      sender
          .accepted()
          .forEach(
              (event, id) ->
                  accepted
                      .computeIfAbsent(Fact.of(event).channelId(), channelId -> new HashMap<>())
                      .put(event, id));
    }
    int gaps = 0;
    for (Map.Entry<String, List<Guest>> channel : channels.entrySet()) {
      String channelId = channel.getKey();
      List<Guest> all = new ArrayList<>(channel.getValue());
      gone.stream().filter(guest -> guest.channelId().equals(channelId)).forEach(all::add);
      Judge judge = new Judge(all, accepted.getOrDefault(channelId, Map.of()), losses, faults);
      judge.judge();
      gaps += judge.gaps();
      List<EventId> departures = judge.departures(channelId, "passer-by-" + ended);
      faults.unless(
          departures.size() == 1,
          () -> "passer-by-" + ended + " has left " + channelId + " at " + departures);
    }
    report.accept(accepted() + " accepted events, " + gaps + " GAPs");
    faults.throwAny("on two nodes");
  }

  @Override
  public void close() throws Exception {
    publishNoMore();
    for (Guest guest : gone) {
      guest.close();
    }
    for (List<Guest> guests : channels.values()) {
      for (Guest guest : guests) {
        guest.close();
      }
    }
  }
}
