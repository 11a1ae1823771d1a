package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.RawRequest.get;
import static io.pipely.contract.RawRequest.subscribe;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pages of other origins may use the server (WHATWG Fetch standard, CORS protocol). */
public interface CorsContract extends Contract {

  String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  String GOOD = "https://good.example";

  @Test
  default void everyAnswerIsReadableByPagesOfAnyOrigin() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    for (Map.Entry<Integer, List<RawRequest>> each : requestsByStatus().entrySet()) {
      for (RawRequest request : each.getValue()) {
        Http.Response response = ask(request.header("Origin", GOOD));
        assertEquals(each.getKey(), response.status(), request + " -> " + response);
        assertEquals("*", response.headers().only(ALLOW_ORIGIN), request + " -> " + response);
      }
    }
  }

  @Test
  default void anAnswerTellsPagesWhichHeadersTheyMayRead() throws Exception {
    join("ann", "secret").upTo(connect("ann"));

    for (List<RawRequest> requests : requestsByStatus().values()) {
      for (RawRequest request : requests) {
        List<String> exposed = lowerCaseList(ask(request), "Access-Control-Expose-Headers");
        assertTrue(
            exposed.containsAll(
                List.of(
                    "pipely-error",
                    "pipely-event-id",
                    "pipely-recipients",
                    "retry-after",
                    "www-authenticate")),
            () -> request + " -> " + exposed);
      }
    }
  }

  @Test
  default void aPreflightRequestIsAnsweredForEveryRoute() throws Exception {
    for (Map.Entry<String, String> route : RouteContract.ROUTES.entrySet()) {
      Http.Response response = ask(preflight(route.getKey(), route.getValue(), GOOD));

      assertAll(
          route + " -> " + response,
          () -> assertTrue(response.status() == 200 || response.status() == 204, "status"),
          () -> assertEquals("", response.text()),
          () -> assertEquals("*", response.headers().only(ALLOW_ORIGIN)),
          () -> assertEquals("86400", response.headers().only("Access-Control-Max-Age")),
          () ->
              assertTrue(
                  response
                      .headers()
                      .list("Access-Control-Allow-Methods")
                      .contains(route.getValue())),
          () ->
              assertTrue(
                  lowerCaseList(response, "Access-Control-Allow-Headers")
                      .containsAll(
                          List.of(
                              "authorization", "content-type", "last-event-id", "pipely-token"))));
    }
  }

  @Test
  default void onlyAnOriginThatIsAllowedMayReadAnswers() throws Exception {
    ServedPipely strict =
        serve(options -> options.allowedOrigins(List.of(GOOD, "http://localhost:8080")));

    for (RawRequest request :
        List.of(get("/channels"), subscribe("short", "ann"), RawRequest.publish("{"))) {
      assertAllowed(GOOD, strict, request);
      assertAllowed("http://localhost:8080", strict, request);
      for (String other :
          List.of("https://evil.example", "null", GOOD + ":444", "http://good.example", "*")) {
        assertNotAllowed(strict, request.header("Origin", other));
      }
      assertNotAllowed(strict, request);
    }
  }

  @Test
  default void onlyAnOriginThatIsAllowedMaySubscribe() throws Exception {
    ServedPipely strict = serve(options -> options.allowedOrigins(List.of(GOOD)));

    SseClient good = strict.open(subscribe(CHANNEL, "ann").header("Origin", GOOD));
    SseClient evil =
        strict.open(subscribe(CHANNEL, "bob").header("Origin", "https://evil.example"));

    assertEquals(GOOD, good.headers().only(ALLOW_ORIGIN));
    assertTrue(lowerCase(good.headers().list("Vary")).contains("origin"), good::toString);
    assertEquals(List.of(), evil.headers().all(ALLOW_ORIGIN));
    assertTrue(lowerCase(evil.headers().list("Vary")).contains("origin"), evil::toString);
  }

  @Test
  default void onlyAnOriginThatIsAllowedHasItsPreflightRequestGranted() throws Exception {
    ServedPipely strict = serve(options -> options.allowedOrigins(List.of(GOOD)));

    for (Map.Entry<String, String> route : RouteContract.ROUTES.entrySet()) {
      Http.Response granted = strict.ask(preflight(route.getKey(), route.getValue(), GOOD));
      assertEquals(GOOD, granted.headers().only(ALLOW_ORIGIN));
      assertNotAllowed(strict, preflight(route.getKey(), route.getValue(), "https://evil.example"));
    }
  }

  /** Whatever there is to be answered, in a protected channel that ann is in. */
  private static Map<Integer, List<RawRequest>> requestsByStatus() {
    RawRequest event = RawRequest.publish(event("chat", "ann", "1"));
    Map<Integer, List<RawRequest>> requests = new LinkedHashMap<>();
    requests.put(200, List.of(subscribe(CHANNEL, "bob", "secret"), event.password("secret")));
    requests.put(
        400,
        List.of(
            subscribe("short", "bob"),
            subscribe(CHANNEL, "ann", "secret"),
            get("/subscribe?channelId=%"),
            RawRequest.publish("{"),
            RawRequest.publish(event("GAP", "ann", "1"))));
    requests.put(401, List.of(subscribe(CHANNEL, "eve", "wrong"), event));
    requests.put(
        404,
        List.of(RawRequest.publish(event("no such chan", "chat", "ann", "1")), get("/nothing")));
    requests.put(
        405,
        List.of(
            get("/publish"),
            RawRequest.of("POST", "/subscribe"),
            RawRequest.of("DELETE", "/channels"),
            RawRequest.of("PUT", "/channel/channel-0001"),
            RawRequest.of("HEAD", "/subscribe")));
    requests.put(413, List.of(RawRequest.publish("x".repeat(BodyContract.MOST + 1))));
    return requests;
  }

  private static RawRequest preflight(String path, String method, String origin) {
    return RawRequest.of("OPTIONS", path)
        .header("Origin", origin)
        .header("Access-Control-Request-Method", method)
        .header("Access-Control-Request-Headers", "authorization,content-type");
  }

  private static void assertAllowed(String origin, ServedPipely strict, RawRequest request)
      throws IOException {
    Http.Response response = strict.ask(request.header("Origin", origin));
    assertEquals(origin, response.headers().only(ALLOW_ORIGIN), response::toString);
    assertTrue(lowerCaseList(response, "Vary").contains("origin"), response::toString);
  }

  /** It need not be refused: without the header a browser keeps the answer from the page. */
  private static void assertNotAllowed(ServedPipely strict, RawRequest request) throws IOException {
    Http.Response response = strict.ask(request);
    assertEquals(List.of(), response.headers().all(ALLOW_ORIGIN), response::toString);
    assertTrue(lowerCaseList(response, "Vary").contains("origin"), response::toString);
  }

  private static List<String> lowerCaseList(Http.Response response, String name) {
    return lowerCase(response.headers().list(name));
  }

  private static List<String> lowerCase(List<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }
}
