package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Answers.assertRefused;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.directed;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The body of a publish request may be an array of events, which are published together. */
public interface ArrayContract extends Contract {

  String COUNT = "events must be at least 1 and at most 64";

  @Test
  default void theEventsOfAnArrayComeInItsOrder() throws Exception {
    SseClient ann = annHasJoined();
    EventId before = EventId.parse(ann.lastEventId());

    Http.Response response = publish(array(chats(0, 3)));

    assertAccepted(response);
    for (String event : chats(0, 3)) {
      ann.expect(event);
    }
    assertEquals(before.plus(3).toString(), ann.lastEventId());
    assertEquals(ann.lastEventId(), response.headers().only("Pipely-Event-Id"));
    assertEquals(List.of("1", "1", "1"), response.headers().list("Pipely-Recipients"));
  }

  @Test
  default void eachEventOfAnArrayMayBeForOthers() throws Exception {
    SseClient ann = annHasJoined();
    SseClient bob = join("bob");
    bob.upTo(connect("bob"));
    String all = event("chat", "ann", "1");
    String toBob = directed("chat", "ann", "2", "bob");
    String toBoth = directed("chat", "ann", "3", "bob", "ann");

    Http.Response response =
        publish(array(List.of(all, toBob, Events.with("echo", "false", all), toBoth)));

    assertAccepted(response);
    assertEquals(List.of("2", "1", "1", "2"), response.headers().list("Pipely-Recipients"));
    ann.expect(connect("bob"), all, toBoth);
    bob.expect(all, toBob, all, toBoth);
  }

  /** The others' events come ahead of all of them, or after. */
  @Test
  default void theEventsOfAnArrayAreContiguous() throws Exception {
    SseClient ann = annHasJoined();
    int size = 8;
    int arrays = 25;

    Together.run(
        3,
        publisher -> {
          try (Http http = Http.connect(served().uri())) {
            for (int i = 0; i < arrays; i++) {
              String origin = "publisher-" + publisher + "-" + i;
              assertAccepted(http.ask(RawRequest.publish(array(chats(origin, size)))));
            }
          }
        });

    for (int i = 0; i < 3 * arrays; i++) {
      String first = ann.next();
      String origin = first.replaceAll(".*\"origin_id\":\"([^\"]*)\".*", "$1");
      List<String> events = chats(origin, size);
      assertEquals(events.get(0), first);
      for (String event : events.subList(1, size)) {
        ann.expect(event);
      }
    }
  }

  @Test
  default void anArrayHas1To64Events() throws Exception {
    SseClient ann = annHasJoined();

    assertRefused(400, "invalid_event_count", COUNT, publish("[]"));
    assertRefused(400, "invalid_event_count", COUNT, publish(array(chats(0, 65))));
    assertAccepted(publish(array(chats(0, 1))));
    assertAccepted(publish(array(chats(1, 65))));

    for (String event : chats(0, 65)) {
      ann.expect(event);
    }
  }

  @Test
  default void whereOneEventIsRefusedNoneIsPublished() throws Exception {
    SseClient ann = annHasJoined();
    List<String> events = new ArrayList<>(chats(0, 5));
    events.set(2, event("GAP", "ann", "1"));

    assertRefused(400, "event_type_reserved", "2: event type is reserved", publish(array(events)));
    events.set(2, event("chat", "a", "1"));
    assertRefused(
        400, "origin_id_too_short", "2: " + PublishContract.ORIGIN_ID_RULE, publish(array(events)));
    events.set(2, directed("chat", "ann", "1", "nobody"));
    assertRefused(
        404, "no_such_client", "2: " + DirectedContract.NO_CLIENT, publish(array(events)));
    events.set(2, Events.with("to", "[]", chat(2)));
    assertRefused(
        400, "invalid_recipients", "2: recipients must be at least one", publish(array(events)));

    assertNothingWasPublished(ann);
  }

  @Test
  default void theFirstEventThatIsRefusedIsTold() throws Exception {
    annHasJoined();
    List<String> events = new ArrayList<>(chats(0, 5));
    events.set(4, event("", "ann", "1"));
    events.set(1, event("GAP", "ann", "1"));

    assertRefused(400, "event_type_reserved", "1: event type is reserved", publish(array(events)));
  }

  @Test
  default void allEventsOfAnArrayAreForOneChannel() throws Exception {
    SseClient ann = annHasJoined();
    join(RawRequest.subscribe("channel-0002", "ann"));
    String other = event("channel-0002", "chat", "ann", "1");

    assertRefused(
        400,
        "several_channels",
        "2: events must all be for one channel",
        publish(array(List.of(chat(0), chat(1), other, chat(2)))));

    assertNothingWasPublished(ann);
  }

  @Test
  default void whatConcernsTheChannelIsCheckedForAnArrayToo() throws Exception {
    ServedPipely served = serveBy(rules -> rules.strictOrigins(true).serverKey("the-key"));
    SseClient ann = served.join(Tokens.subscribe("ann", Tokens.ANN).password("secret"));
    ann.upTo(connect("ann"));
    RawRequest chats = RawRequest.publish(array(chats(0, 2)));
    RawRequest third =
        RawRequest.publish(array(List.of(chat(0), chat(1), event("chat", "nobody", "1"))));
    RawRequest second = RawRequest.publish(array(List.of(chat(0), event("chat", "server", "1"))));

    assertRefused(
        404, "no_such_channel", "0: " + PublishContract.NO_CHANNEL, ask(chats.password("secret")));
    assertRefused(401, "wrong_password", "0: " + PasswordContract.WRONG, served.ask(chats));
    assertRefused(
        403,
        "origin_id_of_another",
        "0: origin id belongs to another client",
        served.ask(chats.password("secret")));
    assertRefused(
        403,
        "origin_id_not_a_member",
        "2: origin id is not a member of the channel",
        served.ask(third.password("secret").token(Tokens.ANN)));
    assertRefused(
        403,
        "server_key_needed",
        "1: origin id 'server' needs the server key",
        served.ask(second.password("secret").token(Tokens.ANN)));
    assertAccepted(served.ask(chats.password("secret").token(Tokens.ANN)));

    ann.expect(chat(0), chat(1));
  }

  @Test
  default void anArrayHoldsNothingButEvents() throws Exception {
    SseClient ann = annHasJoined();

    for (String bad :
        List.of(
            "[1]",
            "[null]",
            "[\"chat\"]",
            "[[" + chat(0) + "]]",
            "[" + chat(0) + ",]",
            "[" + chat(0) + " " + chat(1) + "]",
            "[" + chat(0) + "," + chat(1),
            "[" + chat(0) + "]]",
            "[" + chat(0) + "]" + chat(1),
            "[" + chat(0) + ",{\"type\":1}]",
            chat(0) + chat(1))) {
      Http.Response response = publish(bad);
      assertEquals(400, response.status(), () -> bad + " -> " + response);
    }

    assertNothingWasPublished(ann);
  }

  @Test
  default void aFieldOfAWrongTypeIsToldWithTheIndexOfItsEvent() throws Exception {
    annHasJoined();

    Http.Response response = publish("[" + chat(0) + ",{\"channel_id\":1}]");

    assertEquals(400, response.status(), response::toString);
    assertTrue(response.text().startsWith("1: "), response::toString);
  }

  /** The array is a level of the body's like any other. */
  @Test
  default void theBodyMayBe64LevelsDeep() throws Exception {
    SseClient ann = annHasJoined();
    String deepest = event("chat", "ann", "[".repeat(62) + "]".repeat(62));
    String tooDeep = event("chat", "ann", "[".repeat(63) + "]".repeat(63));

    assertAccepted(publish(array(List.of(deepest))));
    assertEquals(400, publish(array(List.of(tooDeep))).status());
    assertAccepted(publish(tooDeep)); // Without the array it is not.

    ann.expect(deepest, tooDeep);
  }

  private SseClient annHasJoined() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    return ann;
  }

  /** Not even a number was used up. */
  private void assertNothingWasPublished(SseClient ann) throws Exception {
    EventId before = EventId.parse(ann.lastEventId());
    String event = event("last", "ann", "null");
    assertAccepted(publish(event));
    ann.expect(event);
    assertEquals(before.plus(1).toString(), ann.lastEventId());
  }

  private static String array(List<String> events) {
    return "[" + String.join(",", events) + "]";
  }

  private static String chat(int number) {
    return event("chat", "ann", String.valueOf(number));
  }

  private static List<String> chats(int from, int to) {
    return IntStream.range(from, to).mapToObj(ArrayContract::chat).toList();
  }

  private static List<String> chats(String origin, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> event("chat", origin, String.valueOf(number)))
        .toList();
  }
}
