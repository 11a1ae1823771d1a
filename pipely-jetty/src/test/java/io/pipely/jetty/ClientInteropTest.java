package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.launchdarkly.eventsource.CommentEvent;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.eventsource.StreamHttpErrorException;
import io.pipely.Pipely;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that knows nothing of Pipely: okhttp-eventsource, over a real server. */
@Timeout(60)
class ClientInteropTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Twelve characters, all of them awkward. */
  private static final String HOSTILE_CHANNEL = "c &\u00e9\u2028\"\\\uD83D\uDE00%+/:";

  private static final List<String> HOSTILE =
      List.of(
          "line\nbreak",
          "\r\n\r\ndata: fake\r\n\r\n",
          "\n\nevent: fake\nid: 7\nretry: 1\n\n",
          "line\u2028separator\u2029",
          "next\u0085line",
          "\"quotes\" and \\backslashes\\",
          "nul\u0000 and bell\u0007",
          "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDE80",
          "\uFEFFmark",
          ": no comment",
          "x".repeat(40_000));

  private Pipely pipely;
  private PipelyServer server;

  @BeforeEach
  void start() {
    pipely = Pipely.builder().heartbeat(Duration.ofSeconds(1)).build();
    server = PipelyServer.builder(pipely).port(0).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EventSource subscribe(String channelId, String clientId) {
    String query = "channelId=" + encoded(channelId) + "&clientId=" + encoded(clientId);
    URI uri = URI.create(server.uri() + "/subscribe?" + query);
    return new EventSource.Builder(uri).errorStrategy(ErrorStrategy.alwaysThrow()).build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void publish(String channelId, String type, String originId, Object payload)
      throws Exception {
    byte[] body =
        JSON.writeValueAsBytes(
            Map.of(
                "channel_id", channelId,
                "type", type,
                "origin_id", originId,
                "payload", payload));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/publish"))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertEquals("", response.body());
    assertEquals(200, response.statusCode());
  }

  private static MessageEvent assertNext(
      EventSource source, String channelId, String type, String originId, Object payload)
      throws Exception {
    MessageEvent message = source.readMessage();
    assertEquals("message", message.getEventName());
    JsonNode json = JSON.readTree(message.getData());
    assertEquals(4, json.size());
    assertEquals(channelId, json.get("channel_id").textValue());
    assertEquals(type, json.get("type").textValue());
    assertEquals(originId, json.get("origin_id").textValue());
    assertEquals(JSON.valueToTree(payload), json.get("payload"));
    return message;
  }

  @Test
  void keepsTheIdsByWhichItGoesOn() throws Exception {
    String channel = "channel-0000";
    try (EventSource alice = subscribe(channel, "alice")) {
      alice.start();
      String list =
          assertNext(alice, channel, "CLIENT_LIST", "server", List.of("alice")).getLastEventId();
      String epoch = list.substring(0, list.indexOf('-'));
      assertEquals(epoch + "-0", list);
      assertEquals(
          epoch + "-1", assertNext(alice, channel, "CONNECT", "alice", null).getLastEventId());
      publish(channel, "chat", "alice", 1);
      assertEquals(epoch + "-2", assertNext(alice, channel, "chat", "alice", 1).getLastEventId());
      assertEquals(epoch + "-2", alice.getLastEventId());
    }
  }

  @Test
  void readsTheListTheConnectsAndTheDisconnects() throws Exception {
    String channel = "channel-0000";
    try (EventSource alice = subscribe(channel, "alice")) {
      alice.start();
      assertNext(alice, channel, "CLIENT_LIST", "server", List.of("alice"));
      assertNext(alice, channel, "CONNECT", "alice", null);
      try (EventSource bobby = subscribe(channel, "Bobby")) {
        bobby.start();
        assertNext(bobby, channel, "CLIENT_LIST", "server", List.of("alice", "Bobby"));
        assertNext(bobby, channel, "CONNECT", "Bobby", null);
        assertNext(alice, channel, "CONNECT", "Bobby", null);
      }
      assertNext(alice, channel, "DISCONNECT", "Bobby", null);
    }
  }

  @Test
  void readsHostilePayloadsAsTheyWerePublished() throws Exception {
    String channel = "channel-0000";
    try (EventSource source = subscribe(channel, "alice")) {
      source.start();
      assertNext(source, channel, "CLIENT_LIST", "server", List.of("alice"));
      assertNext(source, channel, "CONNECT", "alice", null);
      for (String hostile : HOSTILE) {
        publish(channel, "chat", "somebody", hostile);
        publish(channel, "chat", "somebody", Map.of("a", List.of(hostile.substring(0, 2), 1)));
      }
      for (String hostile : HOSTILE) {
        assertNext(source, channel, "chat", "somebody", hostile);
        assertNext(
            source, channel, "chat", "somebody", Map.of("a", List.of(hostile.substring(0, 2), 1)));
      }
    }
  }

  @Test
  void readsHostileNamesAsTheyWereGiven() throws Exception {
    List<String> names =
        List.of(
            "line\u2028separator",
            "\"quotes\" \\back",
            "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00",
            "data: x",
            "</script>",
            "\uFEFFmark");
    try (EventSource source = subscribe(HOSTILE_CHANNEL, "a\u2028\"\\\uD83D\uDE00&=+%")) {
      source.start();
      String own = "a\u2028\"\\\uD83D\uDE00&=+%";
      assertNext(source, HOSTILE_CHANNEL, "CLIENT_LIST", "server", List.of(own));
      assertNext(source, HOSTILE_CHANNEL, "CONNECT", own, null);
      for (String name : names) {
        publish(HOSTILE_CHANNEL, name, name, name);
        assertNext(source, HOSTILE_CHANNEL, name, name, name);
      }
    }
  }

  @Test
  void readsSignsOfLifeAsCommentsAndTheEndAsAnEnd() throws Exception {
    String channel = "channel-0000";
    try (EventSource source = subscribe(channel, "alice")) {
      source.start();
      assertNext(source, channel, "CLIENT_LIST", "server", List.of("alice"));
      assertNext(source, channel, "CONNECT", "alice", null);
      StreamEvent sign = source.readAnyEvent();
      assertEquals(new CommentEvent(""), sign);
      pipely.close();
      StreamException end = assertThrows(StreamException.class, () -> readToTheEnd(source));
      assertInstanceOf(StreamClosedByServerException.class, end);
    }
  }

  private static void readToTheEnd(EventSource source) throws StreamException {
    while (true) {
      assertInstanceOf(CommentEvent.class, source.readAnyEvent());
    }
  }

  @Test
  void aRefusalIsAnErrorWithItsStatus() {
    try (EventSource source = subscribe("short", "alice")) {
      StreamHttpErrorException e = assertThrows(StreamHttpErrorException.class, source::start);
      assertEquals(400, e.getCode());
    }
  }
}
