package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Publishes for one client, at random, and writes down what becomes of it. For one thread. */
final class Publisher implements AutoCloseable {

  private static final int MOST_AT_ONCE = 8;
  private static final int MOST_RECIPIENTS = 4;
  private static final int LARGE = 1500;
  private static final int BURST = 10;

  private final URI server;
  private final String name;
  private final Random random;

  /** All ids that there may be. */
  private final List<String> everybody;

  private final Ledger ledger;
  private final Faults faults;
  private final Tally tally;
  private int published;

  /** Null where the next publication needs a new one. */
  private Http connection;

  Publisher(
      URI server,
      String name,
      Random random,
      List<String> everybody,
      Ledger ledger,
      Faults faults,
      Tally tally) {
    this.server = server;
    this.name = name;
    this.random = random;
    this.everybody = everybody;
    this.ledger = ledger;
    this.faults = faults;
    this.tally = tally;
  }

  /** As a member. */
  void publishAs(Stay stay) throws IOException {
    publish(stay.room(), stay.clientId(), stay.hasToken(), true);
  }

  /** As somebody who is no member. */
  void publishAsStranger(Room room) throws IOException {
    publish(room, "stranger-" + name, false, room.hasResidents());
  }

  /** More at a time than is kept. */
  void publishMuchAs(Stay stay) throws IOException {
    for (int i = 0; i < BURST; i++) {
      List<Sent> events = new ArrayList<>();
      while (events.size() < MOST_AT_ONCE) {
        events.add(event(stay.room(), stay.clientId(), LARGE));
      }
      send(events, stay.room(), stay.clientId(), stay.hasToken(), true);
    }
  }

  /**
   * Publishes once.
   *
   * @param isOpen whether the channel has a member for certain
   */
  private void publish(Room room, String origin, boolean hasToken, boolean isOpen)
      throws IOException {
    List<Sent> events = new ArrayList<>();
    for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_AT_ONCE) : 1; i > 0; i--) {
      int size = random.nextInt(10) == 0 ? random.nextInt(LARGE) : random.nextInt(200);
      events.add(event(room, origin, size));
    }
    send(events, room, origin, hasToken, isOpen);
  }

  private void send(List<Sent> events, Room room, String origin, boolean hasToken, boolean isOpen)
      throws IOException {
    events.forEach(ledger::add);
    RawRequest request = request(events);
    request = hasToken ? request.token(Actor.tokenOf(origin)) : request;
    if (room.isProtected() && random.nextInt(30) == 0) {
      publishWrongly(request, events);
    } else {
      request = room.withPassword(request, random);
      if (random.nextInt(15) == 0) {
        breakOff(request, events);
      } else {
        publish(request, events, isOpen);
      }
    }
  }

  private Sent event(Room room, String origin, int size) {
    List<String> to = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      for (int i = 1 + random.nextInt(MOST_RECIPIENTS); i > 0; i--) {
        String id = recipient(room, origin);
        if (!to.contains(id)) {
          to.add(id);
        }
      }
    }
    boolean isEcho = random.nextInt(5) > 0;
    return new Sent(name + "-" + published++, room, origin, to, isEcho, "x".repeat(size));
  }

  /** Somebody who may be away, or is there more likely. */
  private String recipient(Room room, String origin) {
    return switch (random.nextInt(4)) {
      case 0 -> origin;
      case 1 -> room.hasResidents() ? Room.RESIDENTS.get(random.nextInt(2)) : origin;
      default -> everybody.get(random.nextInt(everybody.size()));
    };
  }

  private RawRequest request(List<Sent> events) {
    boolean isSingle = events.size() == 1 && random.nextBoolean();
    String body = events.stream().map(Sent::body).collect(Collectors.joining(",", "[", "]"));
    return RawRequest.publish(isSingle ? events.get(0).body() : body);
  }

  private void publishWrongly(RawRequest request, List<Sent> events) throws IOException {
    events.forEach(Sent::never);
    Http.Response answer = Http.once(server, request.password("not-the-one"));
    if (answer.status() != 401 && answer.status() != 404) {
      faults.add("not refused: " + events + ": " + answer);
    }
  }

  /** Before the request is whole, or before it is answered. */
  private void breakOff(RawRequest request, List<Sent> events) throws IOException {
    byte[] bytes = request.bytes(server);
    boolean isWhole = random.nextBoolean();
    if (!isWhole) {
      events.forEach(Sent::never);
    }
    try (Http http = Http.connect(server)) {
      http.send(Arrays.copyOf(bytes, isWhole ? bytes.length : random.nextInt(bytes.length)));
      if (random.nextBoolean()) {
        http.abort();
      }
    }
    tally.count("publication broken off");
  }

  private void publish(RawRequest request, List<Sent> events, boolean isOpen) throws IOException {
    if (connection == null) {
      connection = Http.connect(server);
    }
    Http.Response answer = connection.ask(request);
    if (answer.status() == 200) {
      accepted(answer, events);
    } else {
      refused(answer, events, isOpen);
    }
  }

  private void accepted(Http.Response answer, List<Sent> events) {
    EventId last = EventId.parse(answer.headers().only("Pipely-Event-Id"));
    List<String> recipients = answer.headers().list("Pipely-Recipients");
    if (recipients.size() != events.size()) {
      faults.add(events + ", not as many recipients: " + answer);
      return;
    }
    for (int i = 0; i < events.size(); i++) {
      EventId id = last.plus(i + 1 - events.size());
      events.get(i).accepted(id, Integer.parseInt(recipients.get(i)));
      tally.count(events.get(i).to.isEmpty() ? "published" : "directed");
    }
  }

  private void refused(Http.Response answer, List<Sent> events, boolean isOpen) throws IOException {
    events.forEach(Sent::never);
    String word = answer.headers().only("Pipely-Error");
    boolean isRight =
        switch (word) {
          case "no_such_channel" -> !isOpen;
          case "no_such_client" -> events.stream().anyMatch(Publisher::isForSome);
          default -> false;
        };
    if (!isRight) {
      faults.add(events + " refused: " + answer);
    }
    tally.count(word);
    close(); // After a refusal a server may do the same.
  }

  /** Whether its recipients may all be away. */
  private static boolean isForSome(Sent sent) {
    return !sent.to.isEmpty() && sent.to.stream().noneMatch(sent.room.residents()::contains);
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
