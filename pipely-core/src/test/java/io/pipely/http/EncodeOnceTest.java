package io.pipely.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Encoding;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Pipely;
import io.pipely.Receipt;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event costs one encoding, however many members it goes to. */
class EncodeOnceTest {

  private static final String CHANNEL = "channel-0000";
  private static final int MEMBERS = 1_000;

  private final Pipely pipely = Pipely.create();

  @AfterEach
  void close() {
    pipely.close();
  }

  /** Counts what it is asked for. */
  private static final class Counting implements Encoding<String> {

    private final AtomicInteger encoded = new AtomicInteger();
    private final AtomicInteger joined = new AtomicInteger();

    @Override
    public String encode(Event event) {
      encoded.incrementAndGet();
      return event.type();
    }

    @Override
    public String join(Batch batch) {
      joined.incrementAndGet();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < batch.size(); i++) {
        text.append(batch.event(i).as(this)).append(' ');
      }
      return text.toString();
    }
  }

  @Test
  void anEventToAThousandMembersAtRestIsEncodedOnce() {
    Counting counting = new Counting();
    AtomicInteger delivered = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    for (int i = 0; i < MEMBERS; i++) {
      pipely.join(
          Join.of(CHANNEL, "client-" + i),
          (batch, done) -> {
            seen.addAndGet(batch.size());
            boolean isChat = batch.size() == 1 && batch.as(counting).equals("chat");
            delivered.addAndGet(isChat ? 1 : 0);
            done.complete(null);
          },
          Answer.<Membership>of(m -> {}, why -> {}));
    }
    int connects = MEMBERS * (MEMBERS + 1) / 2; // The n-th member sees its own and those after it.
    await().until(() -> seen.get() == MEMBERS + connects);
    for (int n = 1; n <= 10; n++) {
      int encoded = counting.encoded.get();
      int joined = counting.joined.get();
      publish();
      int expected = n * MEMBERS;
      await().until(() -> delivered.get() == expected);
      assertEquals(encoded + 1, counting.encoded.get());
      assertEquals(joined, counting.joined.get(), "a batch of one is that event");
    }
  }

  @Test
  void aThousandSinksAreGivenTheSameBytes() {
    PipelyHttp http = PipelyHttp.of(pipely);
    List<FakeSink> sinks = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      FakeResponder responder = new FakeResponder();
      String query = "channelId=" + CHANNEL + "&clientId=client-" + i;
      http.handle(
          new Request("GET", "/subscribe", query, name -> null, new byte[0], null), responder);
      assertTrue(responder.isStream());
      sinks.add(responder.sink());
    }
    String last = "\"CONNECT\",\"origin_id\":\"client-" + (MEMBERS - 1) + "\"";
    await().until(() -> sinks.stream().allMatch(sink -> sink.text().contains(last)));
    publish();
    await().until(() -> sinks.stream().allMatch(sink -> sink.text().contains("\"chat\"")));
    ByteBuffer first = last(sinks.get(0));
    for (FakeSink sink : sinks) {
      assertSame(first, last(sink));
    }
  }

  private static ByteBuffer last(FakeSink sink) {
    return sink.writes().get(sink.writes().size() - 1);
  }

  private void publish() {
    pipely.publish(CHANNEL, "chat", "hello", Answer.<Receipt>of(receipt -> {}, why -> {}));
  }
}
