package io.pipely.example.webapp;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The WAR, as it was built, on a container; a subclass says on which. */
abstract class WarContract {

  @TempDir private Path folder;
  private Container container;

  abstract Container start(Path war, Path folder) throws Exception;

  @BeforeEach
  void deploy() throws Exception {
    assertEquals(List.of(), threads(), "threads of an earlier test");
    String war = System.getProperty("pipely.war");
    assertNotNull(war, "pipely.war");
    container = start(Path.of(war), folder);
  }

  @AfterEach
  void stop() throws Exception {
    container.close();
    awaitNoThreads();
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
    "/vendor/lean-qr.js, text/javascript",
    "/favicon.svg, image/svg+xml",
    "/pipely.js, text/javascript", // By the container itself, from pipely-js.
    "/pipely/pipely.js, text/javascript", // By the servlet.
    "/pipely-tabs.js, text/javascript",
    "/pipely/pipely-tabs.js, text/javascript",
  })
  void servesThePages(String path, String contentType) throws Exception {
    Http.Response response = ask(RawRequest.get(path));
    assertEquals(200, response.status(), response::toString);
    String type = response.headers().only("Content-Type");
    assertEquals(contentType, type.replaceFirst(";.*", ""));
    assertTrue(response.body().length > 100, response::toString);
  }

  @Test
  void twoWindowsChat() {
    ChatPage.expectToWork(container.uri());
  }

  @Test
  void doesNotServeWhatIsInside() throws Exception {
    assertEquals(404, ask(RawRequest.get("/WEB-INF/web.xml")).status());
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
      publish(said);
      ann.expect(said);
      bob.expect(said);
    }
  }

  @Test
  void refusalsAreTheProtocols() throws Exception {
    Http.Response response = ask(RawRequest.get("/pipely/subscribe?channelId=short"));
    assertEquals(400, response.status());
    assertEquals("channel id must be twelve characters long\n", response.text());
    assertEquals(404, ask(RawRequest.get("/pipely/nothing")).status());
  }

  /** Containers notice by writing only, so something is written until they do. */
  @Test
  void aClientThatAbortsIsSeenToLeave() throws Exception {
    try (SseClient ann = subscribe("ann");
        SseClient bob = subscribe("bob")) {
      ann.upTo(event("CONNECT", "bob", "null"));
      bob.abort();
      String gone = event("DISCONNECT", "bob", "null");
      await()
          .atMost(Patience.ONE)
          .until(
              () -> {
                publish(event("tick", "ann", "1"));
                return ann.next().equals(gone);
              });
    }
  }

  @Test
  void undeployingEndsStreamsAndThreads() throws Exception {
    try (SseClient ann = subscribe("ann");
        SseClient bob = subscribe("bob")) {
      ann.upTo(event("CONNECT", "bob", "null"));
      bob.upTo(event("CONNECT", "bob", "null"));
      container.undeploy();
      assertEquals(SseClient.End.CLEAN, ann.awaitEnd());
      assertEquals(SseClient.End.CLEAN, bob.awaitEnd());
      awaitNoThreads();
    }
  }

  /** How streams end is the container's affair: some cut connections before they stop the WAR. */
  @Test
  void stoppingTheContainerEndsStreamsAndThreads() throws Exception {
    try (SseClient ann = subscribe("ann")) {
      ann.upTo(event("CONNECT", "ann", "null"));
      container.close();
      ann.awaitEnd();
      awaitNoThreads();
    }
  }

  private static void awaitNoThreads() {
    await().atMost(Patience.ONE).until(WarContract::threads, List::isEmpty);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("pipely-"))
        .toList();
  }

  private SseClient subscribe(String clientId) throws IOException {
    SseClient client = SseClient.open(pipely(), RawRequest.subscribe(CHANNEL, clientId));
    assertEquals(200, client.status(), client::toString);
    return client;
  }

  private void publish(String event) throws IOException {
    RawRequest publish = RawRequest.publish(event.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, Http.once(pipely(), publish).status());
  }

  private Http.Response ask(RawRequest request) throws IOException {
    return Http.once(container.uri(), request);
  }

  private URI pipely() {
    return URI.create(container.uri() + "/pipely");
  }
}
