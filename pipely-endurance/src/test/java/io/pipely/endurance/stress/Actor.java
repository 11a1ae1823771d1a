package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One client that comes and goes, speaks and breaks down at random. It is in one channel at a time,
 * under one id, and checks each answer by what it has done before; what it receives is judged when
 * the round is over. For one thread.
 */
final class Actor {

  /** How long a takeover counts, and a little more, since clocks are read at different times. */
  private static final Duration TAKEOVER_TIME = Duration.ofSeconds(11);

  private static final int TAKEOVERS = 2;
  private static final int SMALL_BUFFER = 4 << 10;
  private static final int LONGEST_PAUSE_MILLIS = 30;

  private final URI server;
  private final String clientId;
  private final Random random;
  private final List<Room> rooms;
  private final Publisher publisher;
  private final Settings settings;
  private final Faults faults;
  private final Tally tally;
  private final List<Stay> stays = new ArrayList<>();

  /** The ids it got, by channel. */
  private final Map<Room, List<EventId>> seen = new HashMap<>();

  /** When it was let in, by channel, in nanoseconds. */
  private final Map<Room, List<Long>> entries = new HashMap<>();

  /** Where the server may know of it. */
  private final Set<Room> visited = new HashSet<>();

  /** Null while it is away. */
  private Stay current;

  Actor(
      URI server,
      String clientId,
      Random random,
      List<Room> rooms,
      Publisher publisher,
      Settings settings,
      Faults faults,
      Tally tally) {
    this.server = server;
    this.clientId = clientId;
    this.random = random;
    this.rooms = rooms;
    this.publisher = publisher;
    this.settings = settings;
    this.faults = faults;
    this.tally = tally;
  }

  /** Null while it is away. */
  Stay current() {
    return current;
  }

  /** All its streams so far. */
  List<Stay> stays() {
    return stays;
  }

  /** Does one thing, and then nothing for a moment. */
  void act() throws Exception {
    requireNotEnded();
    if (current == null) {
      actOutside();
    } else {
      actInside(current);
    }
    Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
  }

  private void actOutside() throws Exception {
    Room room = anyRoom();
    switch (random.nextInt(20)) {
      case 0, 1 -> publisher.publishAsStranger(room);
      case 2 -> joinAndVanish(room);
      case 3 -> joinWrongly(room);
      case 4 -> leaveNowhere(room);
      default -> join(room, random.nextInt(3) > 0);
    }
  }

  /** The last are visited so seldom that they often come to an end. */
  private Room anyRoom() {
    int size = rooms.size();
    return rooms.get(Math.min(random.nextInt(size), random.nextInt(size)));
  }

  private void actInside(Stay stay) throws Exception {
    switch (random.nextInt(40)) {
      case 0 -> end(false);
      case 1 -> end(true);
      case 2, 3 -> cutAndReturn(Duration.ZERO);
      case 4 -> cutAndReturn(settings.grace().dividedBy(4));
      case 5 -> cutAndReturn(settings.grace().multipliedBy(5).dividedBy(4));
      case 6, 7 -> join(stay.room(), stay.hasToken());
      case 8 -> leave(stay);
      case 9 -> stay.stream().stopReading();
      case 10, 11, 12 -> stay.stream().resumeReading();
      case 13 -> publisher.publishAsStranger(anyRoom());
      case 14 -> joinWrongly(stay.room());
      case 15 -> publisher.publishMuchAs(stay);
      default -> publisher.publishAs(stay);
    }
  }

  private RawRequest subscribe(String id, Room room, boolean hasToken) {
    RawRequest subscribe = RawRequest.subscribe(room.channelId(), id);
    subscribe = room.withPassword(subscribe, random);
    return hasToken ? subscribe.token(tokenOf(id)) : subscribe;
  }

  static String tokenOf(String clientId) {
    return "the-token-of-" + clientId;
  }

  /** Joins, comes back, or takes over, as things are. */
  private void join(Room room, boolean hasToken) throws Exception {
    boolean isPresenceWanted = random.nextInt(5) > 0;
    String lastEventId = lastEventId(room);
    int history = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
    RawRequest subscribe = subscribe(clientId, room, hasToken);
    subscribe = isPresenceWanted ? subscribe : subscribe.parameter("presence", "none");
    subscribe = history == 0 ? subscribe : subscribe.parameter("history", "" + history);
    if (!lastEventId.isEmpty()) {
      subscribe =
          random.nextBoolean()
              ? subscribe.lastEventId(lastEventId)
              : subscribe.parameter("lastEventId", lastEventId);
    }
    int buffer = random.nextInt(3) == 0 ? SMALL_BUFFER : 0;
    SseClient stream = SseClient.open(server, subscribe, buffer);
    if (stream.status() == 200) {
      let(new Stay(room, clientId, hasToken, isPresenceWanted, lastEventId, history, stream));
    } else {
      refused(room, hasToken, stream);
      stream.close();
    }
    visited.add(room);
  }

  /** Mostly what it got last, where there is any; sometimes an older one, or what is none. */
  private String lastEventId(Room room) {
    List<EventId> ids = seen.getOrDefault(room, List.of());
    int choice = random.nextInt(20);
    if (choice == 0) {
      return random.nextBoolean() ? "no id" : "0000000-999999999999";
    }
    if (ids.isEmpty() || choice < 7) {
      return "";
    }
    int at = choice < 9 ? random.nextInt(ids.size()) : ids.size() - 1;
    return ids.get(at).toString();
  }

  private void let(Stay stay) throws Exception {
    Stay before = current;
    current = stay;
    stays.add(stay);
    List<Long> times = entries.computeIfAbsent(stay.room(), room -> new ArrayList<>());
    times.add(System.nanoTime());
    tally.count(stay.hasToken() ? "join with token" : "join");
    if (before != null) {
      boolean isTakeover =
          before.room().equals(stay.room()) && before.hasToken() && stay.hasToken();
      if (!isTakeover) {
        faults.add("taken over without a token: " + before + " by " + stay);
      }
      tally.count("takeover");
      remember(before);
      boolean isClean = awaitEnd(before) == SseClient.End.CLEAN;
      List<Item> items = Item.of(before.stream().frames());
      boolean isTold = !items.isEmpty() && items.get(items.size() - 1).is("REPLACED");
      if (!isClean || !isTold) {
        faults.add("not told that it was replaced: " + before + ": " + before.stream());
      }
      before.stream().close();
    }
  }

  /** With all that is still on its way: a small receive buffer lets little pass at a time. */
  private static SseClient.End awaitEnd(Stay stay) {
    stay.stream().resumeReading();
    return stay.stream().awaitEnd(Patience.MANY);
  }

  private void refused(Room room, boolean hasToken, SseClient stream) {
    String word = stream.headers().only("Pipely-Error");
    tally.count(word);
    boolean isRight =
        switch (word) {
          // Here still, or the server has yet to notice that it has gone, or its grace.
          case "client_id_taken" -> visited.contains(room);
          case "token_in_use" -> hasToken && recentEntries(room) >= TAKEOVERS;
          default -> false;
        };
    if (!isRight) {
      faults.add(clientId + " in " + room + ", refused: " + word);
    }
  }

  private long recentEntries(Room room) {
    long now = System.nanoTime();
    return entries.getOrDefault(room, List.of()).stream()
        .filter(time -> now - time < TAKEOVER_TIME.toNanos())
        .count();
  }

  /** As somebody else, since it may come to pass after what is done next. */
  private void joinAndVanish(Room room) throws IOException {
    RawRequest subscribe = subscribe("ghost-of-" + clientId, room, random.nextBoolean());
    SseClient stream = SseClient.open(server, subscribe);
    if (random.nextBoolean()) {
      stream.abort();
    } else {
      stream.close();
    }
    tally.count("vanished");
  }

  private void joinWrongly(Room room) throws IOException {
    RawRequest wrong = room.subscribeWrongly("intruder");
    String right = room.hasResidents() ? "wrong_password" : "wrong_password or invalid_password";
    if (!room.isProtected()) {
      if (!room.hasResidents()) {
        return; // It would be let in.
      }
      wrong = RawRequest.subscribe(room.channelId(), room.residents().get(0));
      wrong = random.nextBoolean() ? wrong : wrong.token(tokenOf("intruder"));
      right = "client_id_taken";
    }
    Http.Response answer = Http.once(server, wrong);
    List<String> words = answer.headers().all("Pipely-Error");
    if (words.isEmpty() || !right.contains(words.get(0))) {
      faults.add("not " + right + ": " + wrong + ": " + answer);
    }
    tally.count("wrong join");
  }

  private void requireNotEnded() {
    if (current != null && current.stream().hasEnded()) {
      faults.add("ended for nothing: " + current + ": " + current.stream());
      current = null;
    }
  }

  /** Goes without a word. */
  private void end(boolean isRude) throws IOException {
    Stay stay = current;
    if (isRude) {
      stay.stream().abort();
    } else {
      stay.stream().close();
    }
    var unused = stay.stream().awaitEnd();
    remember(stay);
    current = null;
    tally.count(isRude ? "reset" : "end");
  }

  private void remember(Stay stay) {
    List<EventId> ids = seen.computeIfAbsent(stay.room(), room -> new ArrayList<>());
    Item.of(stay.stream().frames()).forEach(item -> item.id().ifPresent(ids::add));
  }

  private void cutAndReturn(Duration away) throws Exception {
    Stay stay = current;
    end(random.nextBoolean());
    Thread.sleep(away.toMillis());
    join(stay.room(), stay.hasToken());
    tally.count(away.compareTo(settings.grace()) > 0 ? "return after the grace" : "return");
  }

  private void leave(Stay stay) throws IOException {
    Http.Response answer = Http.once(server, leaving(stay.room()));
    if (!stay.hasToken()) {
      requireWord("client_id_of_another", answer);
      return;
    }
    if (answer.status() != 200) {
      faults.add("may not leave: " + stay + ": " + answer);
      return;
    }
    current = null;
    if (awaitEnd(stay) != SseClient.End.CLEAN) {
      faults.add("not ended as it left: " + stay + ": " + stay.stream());
    }
    stay.stream().close();
    remember(stay);
    tally.count("leave");
  }

  /** It may be in its grace there. */
  private void leaveNowhere(Room room) throws IOException {
    Http.Response answer = Http.once(server, leaving(room));
    if (answer.status() == 200) {
      tally.count("leave in the grace");
    } else {
      requireWord("no_such_channel no_such_client client_id_of_another", answer);
    }
  }

  private RawRequest leaving(Room room) {
    return RawRequest.leave(room.channelId(), clientId, tokenOf(clientId));
  }

  private void requireWord(String words, Http.Response answer) {
    if (!words.contains(answer.headers().only("Pipely-Error"))) {
      faults.add("not " + words + ": " + answer);
    }
  }
}
