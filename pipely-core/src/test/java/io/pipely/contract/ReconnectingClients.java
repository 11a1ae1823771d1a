package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The members of one test's channel, in order of joining; the first of them is never cut. */
public final class ReconnectingClients implements AutoCloseable {

  static final String WITNESS = "witness";

  private final URI server;
  private final List<ReconnectingClient> all = new ArrayList<>();

  public ReconnectingClients(URI server) {
    this.server = server;
    all.add(ReconnectingClient.start(server, WITNESS));
    witness().await(connect(WITNESS));
  }

  public ReconnectingClient witness() {
    return all.get(0);
  }

  public List<ReconnectingClient> all() {
    return List.copyOf(all);
  }

  /** All but the witness. */
  public List<ReconnectingClient> others() {
    return all.subList(1, all.size());
  }

  /** Lets one more join by way of a relay that cuts its connections. */
  public void join(String clientId, Supplier<Relay.Fate> fates) throws IOException {
    added(ReconnectingClient.start(server, clientId, fates));
  }

  /** Lets one more join, whose connections last. */
  void join(String clientId) {
    added(ReconnectingClient.start(server, clientId));
  }

  private void added(ReconnectingClient client) {
    all.add(client);
    all.forEach(each -> each.await(connect(client.clientId())));
  }

  /** The list of all members. */
  String memberList() {
    return Events.clientList(all.stream().map(ReconnectingClient::clientId).toArray(String[]::new));
  }

  /** Publishes, each publisher on a thread and a connection of its own. */
  void publish(int publishers, int from, int to) throws Exception {
    Together.run(
        publishers,
        number -> {
          try (Http http = Http.connect(server)) {
            for (String event : events(number, from, to)) {
              Answers.assertAccepted(http.ask(RawRequest.publish(event)));
            }
          }
        });
  }

  /** Publishes no faster than the witness reads, which so is never told of a gap. */
  void publishInStep(int from, int to) throws Exception {
    int step = 50;
    for (int at = from; at < to; at += step) {
      int end = Math.min(at + step, to);
      publish(1, at, end);
      witness().await(events(0, end - 1, end).get(0));
    }
  }

  /** Publishes one more event, and waits until everybody has it, or has been told of a gap. */
  public void publishLast(String event) throws IOException {
    Http.Response answer = Http.once(server, RawRequest.publish(event));
    Answers.assertAccepted(answer);
    String id = answer.headers().only("Pipely-Event-Id");
    for (ReconnectingClient client : all) {
      client.awaitId(id);
      client.check();
    }
  }

  /** What one publisher publishes. */
  static List<String> events(int publisher, int from, int to) {
    List<String> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(Events.event("chat", "publisher-" + publisher, String.valueOf(i)));
    }
    return events;
  }

  /** What one publisher has published, in the order in which a client has seen it. */
  static List<String> seenOf(int publisher, int to, ReconnectingClient client) {
    List<String> seen =
        new ArrayList<>(
            client.received().stream().map(ReconnectingClient.Received::event).toList());
    seen.retainAll(Set.copyOf(events(publisher, 0, to)));
    return seen;
  }

  /** What a client has received after everybody had joined. */
  public List<ReconnectingClient.Received> afterAllHadJoined(ReconnectingClient client) {
    String last = connect(all.get(all.size() - 1).clientId());
    List<ReconnectingClient.Received> received = client.received();
    int at = 0;
    while (!received.get(at).event().equals(last)) {
      at++;
    }
    return received.subList(at + 1, received.size());
  }

  /** Checks that all have seen what the witness has seen since all had joined, id by id. */
  public void assertAllSawTheSame() {
    List<ReconnectingClient.Received> expected = afterAllHadJoined(witness());
    for (ReconnectingClient client : others()) {
      List<ReconnectingClient.Received> seen = afterAllHadJoined(client);
      // As assertEquals, which would print tens of thousands of events.
      for (int i = 0; i < Math.min(expected.size(), seen.size()); i++) {
        int at = i;
        assertEquals(expected.get(i), seen.get(i), () -> "event " + at + " of " + client);
      }
      assertEquals(expected.size(), seen.size(), client::toString);
    }
  }

  @Override
  public void close() throws IOException {
    for (ReconnectingClient client : all) {
      client.close();
    }
  }
}
