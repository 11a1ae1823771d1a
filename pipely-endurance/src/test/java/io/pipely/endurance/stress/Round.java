package io.pipely.endurance.stress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.EventId;
import io.pipely.contract.Frames;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.contract.Together;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A while in which everybody does what he likes, a moment of quiet in which all have to agree, and
 * an end at which nobody is left. Then everything is judged that was received.
 */
final class Round {

  private final URI server;
  private final Settings settings;
  private final Tally tally;
  private final Random random;
  private final Faults faults = new Faults();
  private final Ledger ledger = new Ledger();
  private final List<Room> rooms = new ArrayList<>();
  private final List<Stay> residents = new ArrayList<>();
  private final List<Actor> actors = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();

  /** What each channel's members are by its own word when all is quiet. */
  private final Map<Room, List<String>> looks = new HashMap<>();

  Round(URI server, Settings settings, Random random, Tally tally) {
    this.server = server;
    this.settings = settings;
    this.random = random;
    this.tally = tally;
    for (int i = 0; i < settings.channels(); i++) {
      String password = i % 3 == 0 ? "the password of " + i : "";
      rooms.add(new Room("stress-%05d".formatted(i), password, i % 2 == 0));
    }
    List<String> everybody = new ArrayList<>(Room.RESIDENTS);
    for (int i = 0; i < settings.clients(); i++) {
      everybody.add("client-" + i);
    }
    for (int i = 0; i < settings.clients(); i++) {
      String id = "client-" + i;
      Random own = new Random(random.nextLong());
      Publisher publisher = new Publisher(server, id, own, everybody, ledger, faults, tally);
      publishers.add(publisher);
      actors.add(new Actor(server, id, own, rooms, publisher, settings, faults, tally));
    }
  }

  /** Throws where anything was wrong. */
  void run(Duration time, String name) throws Exception {
    try {
      admitResidents();
      letAct(time);
      beQuiet();
      leave();
      judge();
    } catch (Exception | AssertionError e) {
      faults.add("broken off by " + e); // What was found before may be the reason.
    }
    faults.throwAny(name);
  }

  private void admitResidents() throws IOException {
    for (Room room : rooms) {
      for (String id : room.residents()) {
        RawRequest subscribe = RawRequest.subscribe(room.channelId(), id);
        SseClient stream = SseClient.open(server, room.withPassword(subscribe, random));
        residents.add(new Stay(room, id, false, true, "", 0, stream));
        assertEquals(200, stream.status());
      }
    }
  }

  private void letAct(Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    Duration atMost = time.plus(Patience.MANY);
    Together.run(
        actors.size(),
        atMost,
        number -> {
          while (System.nanoTime() - end < 0) {
            actors.get(number).act();
          }
        });
  }

  /** The streams that are open. */
  private List<Stay> present() {
    List<Stay> present = new ArrayList<>(residents);
    actors.stream().map(Actor::current).filter(Objects::nonNull).forEach(present::add);
    return present;
  }

  /** Waits until those who have gone are noticed, and those who are there have everything. */
  private void beQuiet() throws IOException {
    List<Stay> present = present();
    present.forEach(stay -> stay.stream().resumeReading());
    for (Room room : rooms) {
      List<String> here =
          present.stream().filter(s -> s.room().equals(room)).map(Stay::clientId).toList();
      await()
          .atMost(Patience.MANY)
          .untilAsserted(
              () -> assertEquals(Set.copyOf(here), Set.copyOf(look(room)), room::channelId));
      if (here.isEmpty()) {
        continue;
      }
      looks.put(room, look(room));
      EventId last = publishLast(room, here.size());
      for (Stay stay : present) {
        if (stay.room().equals(room)) {
          awaitId(stay, last);
        }
      }
    }
  }

  /** Who is there; empty where there is no such channel. */
  private List<String> look(Room room) throws IOException {
    Http.Response answer = Http.once(server, room.look());
    if (answer.status() == 404) {
      return List.of();
    }
    assertEquals(200, answer.status(), answer::toString);
    return Fact.texts(Fact.json(answer.text()).get("clients"));
  }

  private EventId publishLast(Room room, int recipients) throws IOException {
    Sent last = new Sent(Sent.LAST + room.channelId(), room, "the-judge", List.of(), true, "");
    ledger.add(last);
    RawRequest request = room.withPassword(RawRequest.publish(last.body()), random);
    Http.Response answer = Http.once(server, request);
    assertEquals(200, answer.status(), answer::toString);
    last.accepted(EventId.parse(answer.headers().only("Pipely-Event-Id")), recipients);
    assertEquals("" + recipients, answer.headers().only("Pipely-Recipients"), room::channelId);
    return last.id().orElseThrow();
  }

  private void awaitId(Stay stay, EventId last) {
    Optional<EventId> id;
    do {
      id = Frames.id(stay.stream().nextFrame());
    } while (!id.equals(Optional.of(last)));
  }

  private void leave() throws IOException {
    for (Stay stay : present()) {
      if (stay.hasToken()) {
        RawRequest leave =
            RawRequest.leave(
                stay.room().channelId(), stay.clientId(), Actor.tokenOf(stay.clientId()));
        assertEquals(200, Http.once(server, leave).status(), stay::toString);
        stay.stream().awaitEnd(Patience.MANY);
      }
      stay.stream().close();
    }
    for (Publisher publisher : publishers) {
      publisher.close();
    }
    for (Room room : rooms) {
      await().atMost(Patience.MANY).until(() -> look(room).isEmpty());
    }
  }

  private void judge() {
    Map<Stay, List<Item>> stays = new LinkedHashMap<>();
    residents.forEach(stay -> stays.put(stay, Item.of(stay.stream().frames())));
    for (Actor actor : actors) {
      actor.stays().forEach(stay -> stays.put(stay, Item.of(stay.stream().frames())));
    }
    Map<String, Life> lives = new HashMap<>();
    stays.forEach((stay, items) -> tell(stay, items, lives));
    for (Sent sent : ledger.all()) {
      sent.id().ifPresent(id -> life(sent.room, id, lives).accepted(id.number(), sent));
    }
    Map<Room, Set<String>> seen = new HashMap<>();
    for (Room room : rooms) {
      seen.put(room, new HashSet<>());
    }
    lives.forEach((key, life) -> life.conclude(ledger, seen.get(life.room())));
    stays.forEach((stay, items) -> judge(stay, items, lives));
    requireThatResidentsHaveTheSame(stays, lives);
    requireThatNothingIsLost(lives, seen);
    tally.count("lives", lives.size());
    tally.count("streams", stays.size());
    tally.count("delivered", stays.values().stream().mapToInt(List::size).sum());
  }

  private void tell(Stay stay, List<Item> items, Map<String, Life> lives) {
    for (Item item : items) {
      if (item.isOfLog() && item.id().isPresent()) {
        Life life = life(stay.room(), item.id().get(), lives);
        life.received(item.number(), item.fact().orElseThrow());
      }
    }
  }

  private Life life(Room room, EventId id, Map<String, Life> lives) {
    return lives.computeIfAbsent(
        room.channelId() + " " + id.epoch(), key -> new Life(room, id.epoch(), faults));
  }

  private void judge(Stay stay, List<Item> items, Map<String, Life> lives) {
    List<EventId> ids = items.stream().map(Item::id).flatMap(Optional::stream).toList();
    if (ids.isEmpty()) {
      return; // Cut at its beginning.
    }
    if (ids.stream().map(EventId::epoch).distinct().count() > 1) {
      faults.add(stay + ", of several lives: " + ids);
      return;
    }
    Life life = life(stay.room(), ids.get(0), lives);
    StayJudge judge = new StayJudge(stay, items, life, settings.keepBytes(), faults, tally);
    judge.judge();
    if (judge.lastView().isPresent() && stay.isPresenceWanted()) {
      List<String> view = judge.lastView().get();
      List<String> look = looks.get(stay.room());
      faults.unless(look.equals(view), () -> stay + " knows of " + view + " instead of " + look);
    }
  }

  /** Those who were there for the whole time, and have missed nothing. */
  private void requireThatResidentsHaveTheSame(
      Map<Stay, List<Item>> stays, Map<String, Life> lives) {
    Map<Room, List<Item>> first = new HashMap<>();
    for (Stay resident : residents) {
      List<Item> items = stays.get(resident);
      if (items.stream().anyMatch(item -> item.is("GAP"))) {
        continue;
      }
      Life life = life(resident.room(), items.get(0).id().orElseThrow(), lives);
      List<Item> common =
          new ArrayList<>(items.stream().takeWhile(item -> !item.isLast()).toList());
      common.removeIf(item -> !isForAll(item, life));
      common.removeIf(item -> item.number() <= Room.RESIDENTS.size()); // They join themselves.
      List<Item> other = first.putIfAbsent(resident.room(), common);
      faults.unless(
          other == null || common.equals(other),
          () -> resident + " has received other events than the other one");
    }
  }

  private static boolean isForAll(Item item, Life life) {
    return item.isOfLog() && !life.published(item.number()).map(Sent::isRestricted).orElse(false);
  }

  /** What nobody has seen can only be what nobody was to see, or what was never published. */
  private void requireThatNothingIsLost(Map<String, Life> lives, Map<Room, Set<String>> seen) {
    for (Room room : rooms) {
      long passedOver =
          lives.values().stream()
              .filter(l -> l.room().equals(room))
              .mapToInt(Life::passedOver)
              .sum();
      List<Sent> open =
          ledger.all().stream()
              .filter(sent -> sent.room.equals(room) && sent.fate() == Sent.Fate.UNKNOWN)
              .filter(sent -> sent.isRestricted() && !seen.get(room).contains(sent.key))
              .sorted(Comparator.comparing(sent -> sent.key))
              .toList();
      faults.unless(
          passedOver <= open.size(),
          () -> room + ": " + passedOver + " ids are of nothing that was published: " + open);
    }
  }
}
