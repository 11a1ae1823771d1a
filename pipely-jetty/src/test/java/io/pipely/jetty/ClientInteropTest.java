package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.launchdarkly.eventsource.EventSource;
import io.pipely.Answer;
import io.pipely.Payload;
import io.pipely.Pipely;
import io.pipely.Publication;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent is what a parser of event streams reads that is not ours. */
class ClientInteropTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHANNEL = "channel-0001";

  private static final List<String> TEXTS =
      List.of(
          "line\nline\r\nline\rend",
          "data: {}\n\nevent: x\n\n",
          "\u2028\u2029\u0085\uFEFF",
          "quote \" backslash \\ slash / null \u0000",
          "\uD83D\uDE00 emoji",
          "");

  @Test
  void everyEventArrivesOnceAsItWasPublished() throws Exception {
    try (Pipely pipely = Pipely.create();
        PipelyServer server = PipelyServer.builder(pipely).port(0).start()) {
      URI stream = server.uri().resolve("/subscribe?channelId=" + CHANNEL + "&clientId=okhttp");
      try (EventSource client = new EventSource.Builder(stream).build()) {
        client.start();
        assertEquals("CLIENT_LIST", next(client).get("type").asText());
        assertEquals("CONNECT", next(client).get("type").asText());
        for (String text : TEXTS) {
          Publication publication =
              Publication.of(CHANNEL, "type \"\\ \u2028", "origin \uD83D\uDE00", Payload.of(text));
          Answer.future(answer -> pipely.publish(publication, answer)).join();
        }
        for (String text : TEXTS) {
          JsonNode event = next(client);
          assertEquals("type \"\\ \u2028", event.get("type").asText());
          assertEquals("origin \uD83D\uDE00", event.get("origin_id").asText());
          assertEquals(text, event.get("payload").asText());
        }
      }
    }
  }

  private static JsonNode next(EventSource client) throws Exception {
    return JSON.readTree(client.readMessage().getData());
  }
}
