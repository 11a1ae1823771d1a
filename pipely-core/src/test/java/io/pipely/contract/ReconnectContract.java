package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static java.util.function.UnaryOperator.identity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.ReconnectingClient.Received;
import io.pipely.contract.Relay.Cut;
import io.pipely.testing.Seeds;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Members whose connections are cut at any byte, and who come back with their token. */
public interface ReconnectContract extends Contract {

  int CUT_MEMBERS = 8;
  int CUT_PUBLISHERS = 4;
  int CUT_EVENTS = 2_500;
  int RETRIED_EVENTS = 500;

  /** More than all that they publish: nothing that is missed may be gone. */
  int KEEP_ALL = 16 << 20;

  int KEEP_LITTLE = 64 << 10;

  /** Some forty events. */
  int KEEP_HARDLY_ANY = 8 << 10;

  /** How many events that is at most: 128 bytes and the text each. */
  int KEPT_AT_MOST = KEEP_LITTLE / 128;

  Duration KEEP_TIME = Duration.ofMinutes(5);

  /** A third takeover of a live connection within ten seconds would be refused. */
  int TAKEOVERS = 2;

  /** The one promise of the protocol about time that is tested as such. */
  Duration TAKEOVER_TIME = Duration.ofSeconds(1);

  String LAST = event("last", "publisher", "null");

  String EVICTED = event("GAP", "server", "{\"reason\":\"evicted\"}");

  @Test
  default void membersWhoseConnectionsAreClosedMissNothingAndNobodyNotices() throws Exception {
    Seeds.fresh(random -> assertNothingIsMissedAfter(Cut.FIN, random));
  }

  @Test
  default void membersWhoseConnectionsAreResetMissNothingAndNobodyNotices() throws Exception {
    Seeds.fresh(random -> assertNothingIsMissedAfter(Cut.RST, random));
  }

  @Test
  default void membersWhoseServersEndIsClosedMissNothingAndNobodyNotices() throws Exception {
    Seeds.fresh(random -> assertNothingIsMissedAfter(Cut.SERVER_END, random));
  }

  /** The old connection is there all the while, and ends at some time after the takeover. */
  @Test
  default void membersWhoseConnectionsFallSilentAreServedByTheNextAtOnce() throws Exception {
    Seeds.fresh(
        random -> {
          try (ReconnectingClients clients = keeping(KEEP_ALL)) {
            for (int i = 0; i < CUT_MEMBERS; i++) {
              clients.join("member-" + i, Fates.silences(TAKEOVERS, new Random(random.nextLong())));
            }

            publishAll(clients);

            assertNothingIsMissed(clients);
            List<Duration> times = new ArrayList<>();
            for (ReconnectingClient client : clients.others()) {
              assertEquals(TAKEOVERS, client.cuts(), client::toString);
              assertEquals(0, client.refusals(), client::toString);
              times.addAll(client.returns());
            }
            times.sort(null);
            Duration median = times.get(times.size() / 2);
            assertTrue(median.compareTo(TAKEOVER_TIME) <= 0, () -> "takeovers took " + times);
          }
        });
  }

  /** Who was not answered cannot know, and tries again: so it may be there twice, but not less. */
  @Test
  default void whatWasAnsweredIsThereHoweverPublishersAreCutAndSlow() throws Exception {
    Seeds.fresh(
        random -> {
          URI server = serve(rules -> rules.keep(KEEP_ALL, KEEP_TIME), identity()).uri();
          try (ReconnectingClients clients = new ReconnectingClients(server);
              RetryingPublisher publisher =
                  RetryingPublisher.to(server, Fates.ofPublishers(new Random(random.nextLong())))) {
            clients.join("member", Fates.ofStreams(new Random(random.nextLong())));

            for (String event : ReconnectingClients.events(0, 0, RETRIED_EVENTS)) {
              publisher.publish(event);
            }
            clients.publishLast(LAST);

            clients.assertAllSawTheSame();
            publisher.check(clients.afterAllHadJoined(clients.witness()));
            assertTrue(publisher.retried() > 0, "nothing was cut");
          }
        });
  }

  /** Whoever misses a little gets all of it; whoever misses more is told so, and gets no part. */
  @Test
  default void whoStaysAwayForTooManyEventsIsToldOnceAndGetsNoPartOfThem() throws Exception {
    Seeds.fresh(
        random -> {
          try (ReconnectingClients clients = keeping(KEEP_LITTLE)) {
            clients.join("member");
            ReconnectingClient member = clients.others().get(0);
            int published = 0;
            for (int round = 0; round < 12; round++) {
              boolean isTooMany = round % 2 == 0;
              int missed =
                  isTooMany
                      ? KEPT_AT_MOST + random.nextInt(KEPT_AT_MOST)
                      : random.nextInt(KEPT_AT_MOST / 4);
              List<Received> before = member.received();

              member.stayAway(random.nextBoolean());
              clients.publishInStep(published, published + missed);
              member.comeBack();
              if (isTooMany) {
                member.awaitMoreThan(before.size());
              }
              String live = event("live", "publisher", String.valueOf(round));
              clients.publishLast(live);

              published += missed;
              assertAllOrNothing(isTooMany, before, member, clients.witness(), placesOfATakeover());
            }
          }
        });
  }

  /** One event more or less decides; history tells which is the oldest that is kept. */
  @Test
  default void whoHasSeenTheEventAheadOfTheOldestKeptMissesNothing() throws Exception {
    ServedPipely served =
        serve(rules -> rules.keep(KEEP_HARDLY_ANY, KEEP_TIME).grace(Patience.MANY), identity());
    SseClient witness = served.open(RawRequest.subscribe(Events.CHANNEL, "witness"));
    witness.upTo(connect("witness"));
    for (String id : List.of("history", "within", "beyond")) {
      SseClient member = served.open(withToken(id, ""));
      member.upTo(connect(id));
      witness.expect(connect(id));
      member.close();
    }
    List<String> events = ReconnectingClients.events(0, 0, 200);
    for (String event : events) {
      Answers.assertAccepted(served.ask(RawRequest.publish(event)));
      witness.expect(event);
    }
    String last = events.get(events.size() - 1);

    SseClient history = served.open(withToken("history", "&history=1000"));
    List<String> kept = history.upTo(last);
    EventId oldest =
        history.frames().stream()
            .filter(frame -> Frames.event(frame).equals(Optional.of(kept.get(1))))
            .flatMap(frame -> Frames.id(frame).stream())
            .findFirst()
            .orElseThrow();
    int pushedOut = placesOfATakeover();
    SseClient within =
        served.open(withToken("within", "&lastEventId=" + oldest.plus(pushedOut - 1)));
    SseClient beyond = served.open(withToken("beyond", "&lastEventId=" + oldest.plus(-2)));

    kept.subList(1, 1 + pushedOut).clear();
    assertEquals(kept, within.upTo(last));
    beyond.expect(kept.get(0), EVICTED);
  }

  /** With hardly anything kept, at full speed: each of many reconnects may be too late. */
  @Test
  default void membersThatAreCutGetWholeStretchesAndAreToldOfEachGapBetweenThem() throws Exception {
    Seeds.fresh(
        random -> {
          try (ReconnectingClients clients = keeping(KEEP_HARDLY_ANY)) {
            for (int i = 0; i < CUT_MEMBERS; i++) {
              Cut cut = i % 2 == 0 ? Cut.FIN : Cut.RST;
              clients.join("member-" + i, Fates.cuts(cut, new Random(random.nextLong())));
            }

            publishAll(clients);

            NavigableMap<Long, String> published = new TreeMap<>();
            int gaps = 0;
            for (ReconnectingClient client : clients.all()) {
              clients.afterAllHadJoined(client).stream()
                  .filter(each -> !each.event().equals(EVICTED))
                  .forEach(each -> published.putIfAbsent(each.number(), each.event()));
            }
            for (ReconnectingClient client : clients.all()) {
              gaps += assertEveryGapIsTold(clients.afterAllHadJoined(client), published);
            }
            // Where each event goes by way of a store, hardly anybody is too late.
            assertTrue(gaps > 0 || placesOfATakeover() > 0, "nobody missed anything");
          }
        });
  }

  /** Within its grace a member is one still; after it, it has left, and that is told once. */
  @Test
  default void onlyMembersThatDoNotComeBackInTheirGraceAreToldToHaveLeft() throws Exception {
    Seeds.fresh(
        random -> {
          try (ReconnectingClients clients =
              new ReconnectingClients(
                  serve(rules -> rules.grace(Duration.ofSeconds(2)), identity()).uri())) {
            for (int i = 0; i < CUT_MEMBERS; i++) {
              clients.join("member-" + i);
            }
            List<ReconnectingClient> all = clients.others();
            List<ReconnectingClient> back = all.subList(0, CUT_MEMBERS / 2);
            List<ReconnectingClient> away = all.subList(CUT_MEMBERS / 2, CUT_MEMBERS);

            for (ReconnectingClient client : all) {
              client.stayAway(random.nextBoolean());
            }
            back.forEach(ReconnectingClient::comeBack);
            clients.publish(1, 0, 100);
            away.forEach(client -> clients.witness().await(disconnect(client.clientId())));

            Set<String> told = new HashSet<>();
            for (Received each : clients.afterAllHadJoined(clients.witness())) {
              if (!each.event().contains("\"chat\"")) {
                assertTrue(told.add(each.event()), () -> "told twice: " + each);
              }
            }
            assertEquals(
                away.stream()
                    .map(client -> disconnect(client.clientId()))
                    .collect(Collectors.toSet()),
                told);
            assertThatTheyAreNewMembersAfterwards(clients, away);
          }
        });
  }

  private static RawRequest withToken(String clientId, String more) {
    return RawRequest.get("/subscribe?channelId=" + Events.CHANNEL + "&clientId=" + clientId + more)
        .header("Pipely-Token", "the-token-of-" + clientId);
  }

  /** They have missed their own departures too, and nothing that has been told is told again. */
  private void assertThatTheyAreNewMembersAfterwards(
      ReconnectingClients clients, List<ReconnectingClient> away) throws Exception {
    List<String> joined = new ArrayList<>();
    int before = clients.afterAllHadJoined(clients.witness()).size();
    for (ReconnectingClient client : away) {
      client.comeBack();
      joined.add(connect(client.clientId()));
      clients.witness().await(connect(client.clientId()), 2);
    }
    clients.publishLast(LAST);

    List<Received> told = clients.afterAllHadJoined(clients.witness());
    joined.add(LAST);
    assertEquals(joined, told.subList(before, told.size()).stream().map(Received::event).toList());
    for (ReconnectingClient client : clients.others()) {
      assertEquals(told, clients.afterAllHadJoined(client), client::toString);
    }
  }

  private void assertNothingIsMissedAfter(Cut cut, Random random) throws Exception {
    try (ReconnectingClients clients = keeping(KEEP_ALL)) {
      for (int i = 0; i < CUT_MEMBERS; i++) {
        clients.join("member-" + i, Fates.cuts(cut, new Random(random.nextLong())));
      }

      publishAll(clients);

      assertNothingIsMissed(clients);
      for (ReconnectingClient client : clients.others()) {
        assertTrue(client.cuts() >= 5, client::toString);
      }
    }
  }

  private ReconnectingClients keeping(int bytes) throws Exception {
    return new ReconnectingClients(serve(rules -> rules.keep(bytes, KEEP_TIME), identity()).uri());
  }

  private static void publishAll(ReconnectingClients clients) throws Exception {
    clients.publish(CUT_PUBLISHERS, 0, CUT_EVENTS);
    clients.publishLast(LAST);
  }

  /** All see what the witness sees, under the same ids: what was published, and no presence. */
  private static void assertNothingIsMissed(ReconnectingClients clients) {
    ReconnectingClient witness = clients.witness();
    assertEquals(1, witness.connections(), witness::toString);
    for (int i = 0; i < CUT_PUBLISHERS; i++) {
      assertEquals(
          ReconnectingClients.events(i, 0, CUT_EVENTS),
          ReconnectingClients.seenOf(i, CUT_EVENTS, witness));
    }
    List<Received> seen = clients.afterAllHadJoined(witness);
    assertEquals(CUT_PUBLISHERS * CUT_EVENTS + 1, seen.size());
    clients.assertAllSawTheSame();
    for (ReconnectingClient client : clients.others()) {
      List<String> lists = client.memberLists();
      assertEquals(
          Set.of(clients.memberList()), Set.copyOf(lists.subList(1, lists.size())), "member lists");
      // Its streams end because they are cut, and for no other reason.
      int explained = 1 + client.cuts() + client.refusals();
      assertTrue(client.connections() <= explained, client::toString);
    }
  }

  private static void assertAllOrNothing(
      boolean isTooMany,
      List<Received> before,
      ReconnectingClient member,
      ReconnectingClient witness,
      int placesOfATakeover) {
    List<Received> all = witness.received();
    List<Received> more = member.received();
    more = more.subList(before.size(), more.size());
    int known = all.indexOf(before.get(before.size() - 1)) + 1;
    if (isTooMany) {
      Received newest = all.get(all.size() - 2);
      Received live = all.get(all.size() - 1);
      String id = EventId.parse(newest.id()).plus(placesOfATakeover).toString();
      assertEquals(List.of(new Received(id, EVICTED), live), more);
    } else {
      assertEquals(all.subList(known, all.size()), more);
    }
  }

  /**
   * Returns how many there are.
   *
   * @param published what anybody has seen; other numbers are nobody's
   */
  private static int assertEveryGapIsTold(
      List<Received> seen, NavigableMap<Long, String> published) {
    int gaps = 0;
    long last = seen.get(0).number() - 1;
    for (Received each : seen) {
      long before = last;
      assertTrue(each.number() > before, () -> "goes back after " + before + ": " + each);
      if (each.event().equals(EVICTED)) {
        gaps++;
      } else {
        assertEquals(
            Map.of(),
            published.subMap(before, false, each.number(), false),
            () -> "missed ahead of " + each);
        assertEquals(published.get(each.number()), each.event());
      }
      last = each.number();
    }
    return gaps;
  }
}
