package io.pipely.example.standalone;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pipely.contract.Headers;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the running process serves. */
class StandaloneIT {

  private static final String PASSWORD = "secret word";

  /** A namespace is a name, not an address. */
  private static final String SVG = "http://www.w3.org/2000/svg";

  /** With a scheme, or without one where an address is expected. */
  private static final Pattern OTHER_ORIGIN =
      Pattern.compile("\\b(?:https?|wss?)://|[\"'`(]//\\w", Pattern.CASE_INSENSITIVE);

  private static LauncherProcess launcher;

  @BeforeAll
  static void start() throws IOException {
    launcher = LauncherProcess.startAnywhere();
  }

  @AfterAll
  static void stop() {
    launcher.close();
  }

  @Test
  void healthIsOk() throws Exception {
    Http.Response response = ask(RawRequest.get("/health"));
    assertEquals(200, response.status());
    assertEquals("ok", response.text());
    assertEquals("text/plain;charset=utf-8", response.headers().only("Content-Type"));
    assertEquals(200, ask(RawRequest.of("HEAD", "/health")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "/,            text/html",
    "/index.html,  text/html",
    "/chat.html,   text/html",
    "/board.html,  text/html",
    "/drop.html,   text/html",
    "/pipely.css,  text/css",
    "/chat.js,     text/javascript",
    "/board.js,    text/javascript",
    "/drop.js,     text/javascript",
    "/room.js,     text/javascript",
    "/server.js,   text/javascript",
    "/favicon.svg, image/svg+xml",
    "/vendor/lean-qr.js, text/javascript",
    "/vendor/lean-qr.LICENSE.txt, text/plain",
  })
  void servesThePages(String path, String contentType) throws Exception {
    Http.Response response = ask(RawRequest.get(path));
    assertEquals(200, response.status());
    Headers headers = response.headers();
    assertAll(
        () -> assertEquals(contentType, headers.only("Content-Type")),
        () -> assertEquals("default-src 'self'", headers.only("Content-Security-Policy")),
        () -> assertEquals("nosniff", headers.only("X-Content-Type-Options")),
        () -> assertEquals("no-referrer", headers.only("Referrer-Policy")),
        () -> assertEquals("no-cache", headers.only("Cache-Control")),
        () -> assertNoOtherOrigin(response.text()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/pipely.js", "/pipely-tabs.js", "/pipely.global.js"})
  void servesTheClient(String path) throws Exception {
    Http.Response response = ask(RawRequest.get(path));
    assertEquals(200, response.status());
    assertNoOtherOrigin(response.text());
  }

  private static void assertNoOtherOrigin(String text) {
    assertFalse(OTHER_ORIGIN.matcher(text.replace(SVG, "")).find(), text);
  }

  /** And the answer does not undo the caching, as Jetty's own does. */
  @Test
  void anUnchangedFileIsNotSentAgain() throws Exception {
    String tag = ask(RawRequest.get("/chat.js")).headers().only("ETag");
    Http.Response response = ask(RawRequest.get("/chat.js").header("If-None-Match", tag));
    assertEquals(304, response.status());
    assertEquals(tag, response.headers().only("ETag"));
    assertEquals("no-cache", response.headers().only("Cache-Control"));
    Http.Response other = ask(RawRequest.get("/chat.js").header("If-None-Match", "\"other\""));
    assertEquals(200, other.status());
  }

  /** The pages' files, Jetty's defaults, and what is in the JAR besides: nothing more is served. */
  @ParameterizedTest
  @CsvSource({
    "GET,     /nothing",
    "HEAD,    /nothing",
    "OPTIONS, /nothing",
    "POST,    /",
    "PUT,     /index.html",
    "POST,    /health",
    "GET,     /health/",
    "GET,     /pages/",
    "GET,     /pages/index.html",
    "GET,     /META-INF/MANIFEST.MF",
    "GET,     /logback.xml",
    "GET,     /jetty-dir.css",
    "GET,     /pipely/channels",
  })
  void whatNobodyHasIsRefusedInTheProtocolsWords(String method, String path) throws Exception {
    Http.Response response = ask(RawRequest.of(method, path));
    assertEquals(404, response.status(), response::toString);
    Headers headers = response.headers();
    assertAll(
        response.toString(),
        () -> assertEquals("*", headers.only("Access-Control-Allow-Origin")),
        () -> assertEquals("unknown_route", headers.only("Pipely-Error")),
        () -> assertEquals("nosniff", headers.only("X-Content-Type-Options")),
        () -> assertEquals(List.of(), headers.all("Content-Security-Policy")));
  }

  @Test
  void twoClientsTalk() throws Exception {
    try (SseClient ann = subscribe("ann");
        SseClient bob = subscribe("bob")) {
      ann.expect(
          event("CLIENT_LIST", "server", "[\"ann\"]"),
          event("CONNECT", "ann", "null"),
          event("CONNECT", "bob", "null"));
      bob.expect(
          event("CLIENT_LIST", "server", "[\"ann\",\"bob\"]"), event("CONNECT", "bob", "null"));
      String said = event("message", "bob", "{\"text\":\"hello\"}");
      RawRequest publish = RawRequest.publish(said.getBytes(StandardCharsets.UTF_8));
      assertEquals(200, ask(publish.password(PASSWORD)).status());
      ann.expect(said);
      bob.expect(said);
      bob.close();
      ann.expect(event("DISCONNECT", "bob", "null"));
    }
  }

  /** Opens a stream that has begun. */
  private static SseClient subscribe(String clientId) throws IOException {
    SseClient client =
        SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, clientId, PASSWORD));
    assertEquals(200, client.status());
    return client;
  }

  private static Http.Response ask(RawRequest request) throws IOException {
    return Http.once(launcher.uri(), request);
  }
}
