package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.Batch;
import io.pipely.Event;
import io.pipely.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A stream of events that are made of any texts, and what is to be read of it. */
final class HostileStream {

  private static final String EPOCH = "k3x";

  /** The bits of an event's first character that say more than how its payload is made. */
  private static final int HAS_ID = 4;

  private static final int IS_DIRECTED = 8;

  /** What is to be seen of an event. */
  record Seen(Json json, String lastEventId) {}

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Seen> expected = new ArrayList<>();
  private final List<Event> batch = new ArrayList<>();
  private String lastEventId = "";

  private HostileStream() {}

  /** A batch of events, and one frame of each other kind. */
  static HostileStream of(byte[] input) {
    HostileStream stream = new HostileStream();
    Tape tape = new Tape(input);
    while (tape.hasMore()) {
      stream.add(tape);
    }
    stream.end();
    return stream;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  List<Seen> expected() {
    return expected;
  }

  String lastEventId() {
    return lastEventId;
  }

  /** Takes five texts, or six where the event is directed. */
  private void add(Tape tape) {
    String how = tape.next();
    int bits = how.isEmpty() ? 0 : how.charAt(0);
    List<String> names = List.of(tape.next(), tape.next(), tape.next());
    HostilePayload payload = HostilePayload.of(bits, tape.next());
    List<String> to = (bits & IS_DIRECTED) == 0 ? List.of() : List.of(tape.next().split(",", -1));
    Event all = Event.of(names.get(0), names.get(1), names.get(2), payload.payload()).to(to);
    Event event = (bits & HAS_ID) == 0 ? all : all.at(EPOCH, batch.size() + 1);
    if (Stream.concat(names.stream(), to.stream())
        .allMatch(text -> new Json.Text(text).isUnicode())) {
      batch.add(event);
      expect(event, payload.json());
    } else {
      assertThrows(IllegalArgumentException.class, () -> event.as(Sse.FORMAT));
    }
  }

  private void end() {
    put(Sse.first(Batch.of(batch).as(Sse.FORMAT)));
    put(Batch.EMPTY.as(Sse.FORMAT));
    put(Batch.passedOver(EPOCH + "-9999").as(Sse.FORMAT));
    lastEventId = EPOCH + "-9999";
    if (!batch.isEmpty()) {
      Event first = batch.get(0);
      put(Sse.refused(first.channelId(), first.payload()));
      Json payload = Payloads.json(first.payload());
      expect(Event.of(first.channelId(), "REFUSED", "server", first.payload()), payload);
      put(Sse.replaced(first.channelId()));
      expect(Event.of(first.channelId(), "REPLACED", "server", Payload.NULL), Json.NULL);
    }
  }

  private void put(ByteBuffer frames) {
    byte[] copy = new byte[frames.remaining()];
    frames.duplicate().get(copy);
    bytes.writeBytes(copy);
  }

  private void expect(Event event, Json payload) {
    lastEventId = event.id() == null ? lastEventId : event.id();
    List<Json.Field> fields = new ArrayList<>();
    fields.add(new Json.Field("channel_id", new Json.Text(event.channelId())));
    fields.add(new Json.Field("type", new Json.Text(event.type())));
    fields.add(new Json.Field("origin_id", new Json.Text(event.originId())));
    fields.add(new Json.Field("payload", payload));
    if (!event.to().isEmpty()) {
      List<Json> ids = new ArrayList<>();
      event.to().forEach(id -> ids.add(new Json.Text(id)));
      fields.add(new Json.Field("to", new Json.Array(ids)));
    }
    expected.add(new Seen(new Json.Fields(fields), lastEventId));
  }
}
