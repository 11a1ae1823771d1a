package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the stream looks like: its head, and its frames to the byte. */
public interface StreamContract extends Contract {

  @Test
  default void aStreamIsAnEventStreamThatNobodyMayCache() throws Exception {
    Headers headers = join("ann").headers();

    assertEquals("text/event-stream", headers.only("Content-Type"));
    assertTrue(headers.list("Cache-Control").contains("no-cache"), headers::toString);
    assertEquals("*", headers.only("Access-Control-Allow-Origin"));
    assertEquals(List.of(), headers.all("Content-Length"));
    assertEquals(List.of(), headers.all("Content-Encoding"));
  }

  @Test
  default void aFrameIsOneDataLineOfJsonAndAnEmptyLine() throws Exception {
    SseClient ann = join("ann");
    ann.expect(clientList("ann"), connect("ann"));

    // Written out here once, and nowhere else in the suite, as bytes on the wire.
    assertEquals(
        "data: {\"channel_id\":\"channel-0001\",\"type\":\"CLIENT_LIST\","
            + "\"origin_id\":\"server\",\"payload\":[\"ann\"]}",
        dataLine(ann.frames().get(0)));
    assertEquals(
        "data: {\"channel_id\":\"channel-0001\",\"type\":\"CONNECT\","
            + "\"origin_id\":\"ann\",\"payload\":null}",
        dataLine(ann.frames().get(1)));
  }

  @Test
  default void aFrameEndsWithLineFeedsOnly() throws Exception {
    SseClient ann = join("ann");
    ann.expect(clientList("ann"), connect("ann"));

    // The client cuts lines at line feeds, so that a carriage return would be left in them.
    assertTrue(
        ann.frames().stream().flatMap(List::stream).noneMatch(line -> line.contains("\r")),
        ann::toString);
  }

  @Test
  default void headersAndFirstFramesLeaveAtOnceThoughNothingElseHappens() throws Exception {
    SseClient ann = served().open(RawRequest.subscribe(CHANNEL, "ann"));

    assertEquals(200, ann.status());
    ann.expect(clientList("ann"), connect("ann"));
  }

  @Test
  default void aPublishedEventLeavesAtOnceThoughNothingElseHappens() throws Exception {
    SseClient ann = join("ann");
    ann.expect(clientList("ann"), connect("ann"));
    String event = event("chat", "ann", "\"hello\"");

    publish(event);

    ann.expect(event);
  }

  @Test
  default void aSilentStreamShowsASignOfLifeThatIsNoEvent() throws Exception {
    SseClient ann = join("ann");
    ann.expect(clientList("ann"), connect("ann"));
    int framesBefore = ann.frames().size();

    await().atMost(Patience.ONE).until(() -> ann.frames().size() > framesBefore);

    assertTrue(Frames.event(ann.frames().get(framesBefore)).isEmpty(), ann::toString);
  }

  @Test
  default void aClientOfHttp10GetsTheStreamWithoutChunks() throws Exception {
    SseClient ann = join(RawRequest.subscribe(CHANNEL, "ann").http10());
    ann.expect(clientList("ann"), connect("ann"));

    assertEquals(List.of(), ann.headers().all("Transfer-Encoding"));
    String event = event("chat", "ann", "1");
    Answers.assertAccepted(ask(RawRequest.publish(event).http10()));
    ann.expect(event);
  }

  @Test
  default void aClientThatWillCloseItsConnectionGetsTheStreamAllTheSame() throws Exception {
    SseClient ann = join(RawRequest.subscribe(CHANNEL, "ann").header("Connection", "close"));

    ann.expect(clientList("ann"), connect("ann"));
    String event = event("chat", "ann", "1");
    publish(event);
    ann.expect(event);
  }

  @Test
  default void openStreamsEndInGoodOrderWhenPipelyIsClosed() throws Exception {
    List<SseClient> clients = List.of(join("ann"), join("bob"));
    for (SseClient client : clients) {
      client.upTo(connect("bob"));
    }

    served().pipely().close();

    for (SseClient client : clients) {
      assertEquals(SseClient.End.CLEAN, client.awaitEnd(), client::toString);
    }
  }

  private static String dataLine(List<String> frame) {
    return frame.stream().filter(line -> line.startsWith("data")).findFirst().orElseThrow();
  }
}
