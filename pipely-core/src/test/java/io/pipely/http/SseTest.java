package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.launchdarkly.eventsource.CommentEvent;
import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;
import io.pipely.Batch;
import io.pipely.Caller;
import io.pipely.Credentials;
import io.pipely.Event;
import io.pipely.Payload;
import io.pipely.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is written, to the byte, and as an independent parser reads it. */
class SseTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Texts that have broken encoders. */
  private static final List<String> HOSTILE =
      List.of(
          "a\nb",
          "a\r\nb",
          "a\rb",
          "\n\n",
          "\ndata: x\n\n",
          "x\n\nevent: hacked\ndata: y\n\n",
          "line\u2028separator\u2029s",
          "next\u0085line",
          "quo\"te",
          "back\\slash",
          "back\\",
          "\\n",
          "nul\u0000",
          "tab\tbell\u0007del\u007f",
          "emoji \uD83D\uDE00 and \uD83D\uDC69\u200D\uD83D\uDE80",
          "\uFEFFmark",
          "</script><!--",
          "{\"type\":\"x\"}",
          ": comment",
          " outer ",
          "\u00e9\u4e2d\u0627");

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static Event event(String type, Object payload) {
    return Event.of("channel-0000", type, "alice", Payload.of(payload));
  }

  @Test
  void aFrameIsOneLineOfJsonWithFourFieldsInTheirOrder() {
    assertEquals(
        "data: {\"channel_id\":\"channel-0000\",\"type\":\"chat\",\"origin_id\":\"alice\","
            + "\"payload\":{\"text\":\"hi\"}}\n\n",
        text(event("chat", Map.of("text", "hi")).as(Sse.FORMAT)));
    assertEquals(
        "data: {\"channel_id\":\"channel-0000\",\"type\":\"CONNECT\",\"origin_id\":\"alice\","
            + "\"payload\":null}\n\n",
        text(event("CONNECT", null).as(Sse.FORMAT)));
  }

  @Test
  void anEventThatHasAPlaceIsLedByItsId() {
    assertEquals(
        "id: k3x-12\n" + text(event("chat", 1).as(Sse.FORMAT)),
        text(event("chat", 1).at("k3x", 12).as(Sse.FORMAT)));
  }

  @Test
  void aDirectedEventSaysLastWhomItIsFor() {
    assertEquals(
        "data: {\"channel_id\":\"channel-0000\",\"type\":\"chat\",\"origin_id\":\"alice\","
            + "\"payload\":1,\"to\":[\"Bobby\",\"c\\\"\u00e9\"]}\n\n",
        text(event("chat", 1).to(List.of("Bobby", "c\"\u00e9")).as(Sse.FORMAT)));
  }

  @Test
  void theFirstFrameSaysHowLongToWaitAndIsSpread() {
    ByteBuffer frame = event("chat", 1).at("k3x", 12).as(Sse.FORMAT);
    Set<Integer> waits = new TreeSet<>();
    for (int i = 0; i < 1000; i++) {
      String first = text(Sse.first(frame));
      assertTrue(first.startsWith("retry: ") && first.endsWith("\n" + text(frame)), first);
      waits.add(Integer.valueOf(first.substring("retry: ".length(), first.indexOf('\n'))));
    }
    assertTrue(waits.stream().allMatch(wait -> wait >= 2400 && wait <= 3600), waits::toString);
    assertTrue(waits.size() > 100, waits::toString);
  }

  @Test
  void theLastFrameOfAStreamThatWasReplacedHasNoId() {
    assertEquals(
        "retry: 30000\ndata: {\"channel_id\":\"channel-0000\",\"type\":\"REPLACED\","
            + "\"origin_id\":\"server\",\"payload\":null}\n\n",
        text(Sse.replaced("channel-0000")));
  }

  @Test
  void theLastFrameOfAStreamThatWasRefusedSaysWhyAndNotToComeBackSoon() {
    Set<Integer> waits = new TreeSet<>();
    for (int i = 0; i < 1000; i++) {
      String text = text(Sse.refused("\"\r\n\n", Payload.of(Map.of("status", 400))));
      int line = text.indexOf('\n');
      assertEquals(
          "data: {\"channel_id\":\"\\\"\\r\\n\\n\",\"type\":\"REFUSED\","
              + "\"origin_id\":\"server\",\"payload\":{\"status\":400}}\n\n",
          text.substring(line + 1));
      waits.add(Integer.valueOf(text.substring("retry: ".length(), line)));
    }
    assertTrue(waits.stream().allMatch(wait -> wait >= 24_000 && wait <= 36_000), waits::toString);
    assertTrue(waits.size() > 100, waits::toString);
  }

  @Test
  void theLastFrameWhenTheServerShutsDownIsATimeToComeBackSpreadOverTenSeconds() {
    Set<Integer> waits = new TreeSet<>();
    for (int i = 0; i < 1000; i++) {
      String text = text(Sse.shutDown());
      assertTrue(text.matches("retry: \\d+\n\n"), text);
      waits.add(Integer.valueOf(text.substring("retry: ".length(), text.indexOf('\n'))));
    }
    assertTrue(waits.stream().allMatch(wait -> wait >= 1_000 && wait <= 10_000), waits::toString);
    assertTrue(waits.size() > 500, waits::toString);
  }

  @Test
  void whatWasPassedOverIsAnIdAlone() {
    assertEquals(":\nid: k3x-12\n\n", text(Batch.passedOver("k3x-12").as(Sse.FORMAT)));
  }

  @Test
  void namesAreEscapedAndUtf8() {
    Event event = Event.of("chan\n\"\\\u00e9\u2028", "\uD83D\uDE00", "\u0001", Payload.NULL);
    assertEquals(
        "data: {\"channel_id\":\"chan\\n\\\"\\\\\u00e9\u2028\",\"type\":\"\uD83D\uDE00\","
            + "\"origin_id\":\"\\u0001\",\"payload\":null}\n\n",
        text(event.as(Sse.FORMAT)));
  }

  @Test
  void aBatchIsItsFramesOneAfterTheOther() {
    Event first = event("a", 1);
    Event second = event("b", 2);
    String both = text(first.as(Sse.FORMAT)) + text(second.as(Sse.FORMAT));
    assertEquals(both, text(Batch.of(first, second).as(Sse.FORMAT)));
  }

  @Test
  void aBatchOfOneIsThatEventsBytes() {
    Event event = event("a", 1);
    assertSame(event.as(Sse.FORMAT), Batch.of(event).as(Sse.FORMAT));
  }

  @Test
  void aSignOfLifeIsAComment() {
    assertEquals(":\n\n", text(Batch.EMPTY.as(Sse.FORMAT)));
  }

  @Test
  void joiningABatchLeavesTheEventsBytesAsTheyAre() {
    Event first = event("a", 1);
    String before = text(first.as(Sse.FORMAT));
    ByteBuffer batch = Batch.of(first, first).as(Sse.FORMAT);
    assertEquals(before + before, text(batch));
    assertEquals(before, text(first.as(Sse.FORMAT)));
    assertEquals(0, first.as(Sse.FORMAT).position());
  }

  @Test
  void asManyEventsAreReadAsWereWrittenWhateverIsInThem() throws Exception {
    List<Event> events = new ArrayList<>();
    for (String hostile : HOSTILE) {
      events.add(Event.of(hostile, hostile, hostile, Payload.of(hostile)));
      events.add(Event.of("channel-0000", hostile, "alice", Payload.of(List.of(hostile, hostile))));
    }
    for (String json : List.of("[1,\n2]", "{\"a\":\r\n\t\"b\\nc\"}", "\"\u2028\"", "\n\n1\n\n")) {
      events.add(Event.of("channel-0000", "raw", "alice", payload(json)));
    }
    assertRead(events);
  }

  @Test
  void randomTextsAreReadAsTheyWereWritten() {
    Seeds.each(
        50,
        random -> {
          List<Event> events = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            Object payload = random.nextBoolean() ? random(random) : List.of(random(random), i);
            events.add(
                Event.of(random(random), random(random), random(random), Payload.of(payload)));
          }
          assertRead(events);
        });
  }

  private static String random(Random random) {
    String letters = "ab:\n\r\\\"\u2028\u0085\u0000 {}[],\u00e9";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      int place = random.nextInt(letters.length() + 1);
      text.append(place == letters.length() ? "\uD83D\uDE00" : letters.substring(place, place + 1));
    }
    return text.toString();
  }

  /** A payload as a client sends it, by the way that it goes. */
  private static Payload payload(String json) throws Exception {
    String body = "{\"payload\":" + json + "}";
    return PublishParser.parse(
            body.getBytes(StandardCharsets.UTF_8), Credentials.NONE, Caller.APPLICATION)
        .publications()
        .get(0)
        .payload();
  }

  private static void assertRead(List<Event> events) throws Exception {
    List<MessageEvent> read = new ArrayList<>();
    for (StreamEvent event : read(Batch.of(events).as(Sse.FORMAT))) {
      read.add(assertInstanceOf(MessageEvent.class, event));
    }
    assertEquals(events.size(), read.size(), "N written, N read");
    for (int i = 0; i < read.size(); i++) {
      Event event = events.get(i);
      MessageEvent message = read.get(i);
      assertEquals("message", message.getEventName());
      assertNull(message.getLastEventId());
      JsonNode json = JSON.readTree(message.getData());
      assertEquals(4, json.size());
      assertEquals(event.channelId(), json.get("channel_id").textValue());
      assertEquals(event.type(), json.get("type").textValue());
      assertEquals(event.originId(), json.get("origin_id").textValue());
      assertEquals(JSON.readTree(event.payload().toString()), json.get("payload"));
    }
  }

  @Test
  void aSignOfLifeIsReadAsNoEvent() {
    assertInstanceOf(CommentEvent.class, read(Batch.EMPTY.as(Sse.FORMAT)).get(0));
  }

  /** As okhttp-eventsource reads it. */
  private static List<StreamEvent> read(ByteBuffer bytes) {
    byte[] content = new byte[bytes.remaining()];
    bytes.duplicate().get(content);
    List<StreamEvent> events = new ArrayList<>();
    try (EventSource source =
        new EventSource.Builder(new FromMemory(content))
            .errorStrategy(ErrorStrategy.alwaysThrow())
            .build()) {
      while (true) {
        StreamEvent event = source.readAnyEvent();
        if (event instanceof MessageEvent || event instanceof CommentEvent) {
          events.add(event);
        }
      }
    } catch (StreamException e) {
      assertInstanceOf(StreamClosedByServerException.class, e);
      return events;
    }
  }

  /** A connection whose bytes are known from the start. */
  private static final class FromMemory extends ConnectStrategy {

    private static final URI ORIGIN = URI.create("http://localhost/");
    private final byte[] content;

    FromMemory(byte[] content) {
      this.content = content;
    }

    @Override
    public Client createClient(LDLogger logger) {
      return new Client() {
        @Override
        public Result connect(String lastEventId) {
          return new Result(new ByteArrayInputStream(content), ORIGIN, () -> {});
        }

        @Override
        public boolean awaitClosed(long timeoutMillis) {
          return true;
        }

        @Override
        public URI getOrigin() {
          return ORIGIN;
        }

        @Override
        public void close() {}
      };
    }
  }
}
