package io.pipely.example.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second example, over real sockets. */
class ClubIT {

  private static final String ANN = "session=5e551077";
  private static final String BEN = "theme=dark; session=5e551078";
  private static final String TOKEN = "ann-0123456789abcdef";

  private final List<String> diary = new CopyOnWriteArrayList<>();
  private Club club;
  private URI uri;

  @BeforeEach
  void open() {
    club = new Club(0, diary::add);
    uri = club.server().uri();
  }

  @AfterEach
  void close() {
    club.close();
  }

  @Test
  void whoIsSignedInJoinsAndIsWelcomedAlone() throws Exception {
    try (SseClient ann = join("ann", ANN)) {
      assertNext("\"CLIENT_LIST\".*\\[\"steward\",\"ann\"]", ann);
      assertNext("\"CONNECT\".*\"ann\"", ann);
      assertNext("\"welcome\".*\"members\":\\[\"steward\",\"ann\"].*\"to\":\\[\"ann\"]", ann);
      try (SseClient ben = join("ben", BEN)) {
        assertNext("\"CLIENT_LIST\"", ben);
        assertNext("\"CONNECT\".*\"ben\"", ben);
        assertNext("\"welcome\".*\"to\":\\[\"ben\"]", ben);
        assertNext("\"CONNECT\".*\"ben\"", ann);
        assertEquals(200, say("ben", "hello", BEN).status());
        assertNext("\"hello\",\"origin_id\":\"ben\"", ann); // Ben's welcome was not for her.
      }
    }
    awaitDiary("ann has come", "server said welcome to 1", "ben said hello to 3");
    awaitDiary("ann has gone: LOST");
  }

  @Test
  void nobodyElseIsLetInAndNobodyUnderAnotherName() throws Exception {
    assertEquals(403, Http.once(uri, RawRequest.subscribe(Club.CHANNEL, "eve")).status());
    RawRequest asAnn = RawRequest.subscribe(Club.CHANNEL, "ann").header("Cookie", BEN);
    Http.Response refused = Http.once(uri, asAnn);
    assertEquals("403 not allowed\n", refused.status() + " " + refused.text());
    RawRequest create = RawRequest.subscribe("another-club", "ann").header("Cookie", ANN);
    assertEquals(403, Http.once(uri, create).status());
    try (SseClient ben = join("ben", BEN)) {
      assertNext("\"CLIENT_LIST\"", ben);
      assertEquals(403, say("ben", "hello", ANN).status());
    }
    awaitDiary("eve was refused: not allowed", "ben was refused: not allowed");
  }

  @Test
  void onlyMembersSpeak() throws Exception {
    Http.Response refused = say("ben", "hello", BEN);
    assertEquals("origin_id_not_a_member", refused.headers().only("Pipely-Error"));
  }

  @Test
  void theStewardComesBackUnnoticedAndMissesNothing() throws Exception {
    try (SseClient ann = join("ann", ANN)) {
      nextWelcome(ann);
      club.steward().begin();
      awaitDiary("steward is back");
      try (SseClient ben = join("ben", BEN)) {
        assertNext("\"CLIENT_LIST\".*\\[\"steward\",\"ann\",\"ben\"]", ben);
        assertNext("\"CONNECT\".*\"ben\"", ann);
        nextWelcome(ben);
      }
    }
    assertEquals(1, diary.stream().filter("steward has come"::equals).count());
  }

  @Test
  void oneMemberAloneIsToldWhatWasSaidLast() throws Exception {
    try (SseClient ann = join("ann", ANN)) {
      nextWelcome(ann);
      for (String type : List.of("one", "two", "three", "recap")) {
        assertEquals(200, say("ann", type, ANN).status());
        assertNext("\"" + type + "\"", ann);
      }
      assertNext("\"CONNECT\".*\"reader\"", ann);
      String history = ann.next();
      history = history.contains("DISCONNECT") ? ann.next() : history;
      assertTrue(
          history.contains("\"payload\":[\"two\",\"three\",\"recap\"],\"to\":[\"ann\"]"), history);
    }
  }

  @Test
  void aClientWithATokenComesBackToo() throws Exception {
    SseClient first = join("ann", ANN, TOKEN);
    nextWelcome(first);
    first.close();
    awaitDiary("ann is away");
    try (SseClient second = join("ann", ANN, TOKEN)) {
      assertNext("\"CLIENT_LIST\"", second);
      awaitDiary("ann is back");
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Club.class, SignedIn.class, Diary.class, Steward.class, Recap.class})
  void eachFileIsShortEnoughToBeReadAtOnce(Class<?> type) throws IOException {
    Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
    int lines = Files.readAllLines(source).size();
    assertTrue(lines <= 80, () -> lines + " lines");
  }

  private SseClient join(String clientId, String cookie) throws IOException {
    RawRequest request = RawRequest.subscribe(Club.CHANNEL, clientId);
    return SseClient.open(uri, request.header("Cookie", cookie));
  }

  private SseClient join(String clientId, String cookie, String token) throws IOException {
    RawRequest request = RawRequest.subscribe(Club.CHANNEL, clientId).header("Pipely-Token", token);
    return SseClient.open(uri, request.header("Cookie", cookie));
  }

  private Http.Response say(String clientId, String type, String cookie) throws IOException {
    String body =
        "{\"channel_id\":\"%s\",\"type\":\"%s\",\"origin_id\":\"%s\"}"
            .formatted(Club.CHANNEL, type, clientId);
    return Http.once(uri, RawRequest.publish(body).header("Cookie", cookie));
  }

  private static String nextWelcome(SseClient client) {
    String event = client.next();
    while (!event.contains("\"welcome\"")) {
      event = client.next();
    }
    return event;
  }

  private static void assertNext(String pattern, SseClient client) {
    String event = client.next();
    assertTrue(event.matches(".*" + pattern + ".*"), event);
  }

  private void awaitDiary(String... lines) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertTrue(diary.containsAll(List.of(lines)), diary::toString));
  }
}
