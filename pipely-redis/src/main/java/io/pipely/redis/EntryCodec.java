package io.pipely.redis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pipely.EndReason;
import io.pipely.Payload;
import io.pipely.spi.Entry;
import io.pipely.spi.Seat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries and seats as bytes: a head of JSON on one line of ASCII; where there is a payload, a line
 * feed and its bytes as they are.
 */
final class EntryCodec {

  /** What an entry costs beside its text, as in the log of a single node. */
  private static final int ENTRY_OVERHEAD = 128;

  private static final int RECIPIENT_OVERHEAD = 32;

  /** Writes even halves of surrogate pairs so that they can be read again. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  private EntryCodec() {}

  static byte[] encode(Entry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
    writeObject(bytes, json -> writeHead(json, entry));
    if (entry instanceof Entry.Published published) {
      byte[] payload = new byte[published.payload().length()];
      published.payload().copyTo(payload, 0);
      bytes.write('\n');
      bytes.writeBytes(payload);
    }
    return bytes.toByteArray();
  }

  private static void writeHead(JsonGenerator json, Entry entry) throws IOException {
    if (entry instanceof Entry.Joined joined) {
      json.writeStringField("kind", "joined");
      writeSeat(json, joined.seat());
    } else if (entry instanceof Entry.Moved moved) {
      json.writeStringField("kind", "moved");
      json.writeStringField("seat", moved.seatId());
      json.writeStringField("node", moved.node());
    } else if (entry instanceof Entry.Left left) {
      json.writeStringField("kind", "left");
      json.writeStringField("seat", left.seatId());
      json.writeStringField("client", left.clientId());
      json.writeStringField("why", left.why().name());
    } else if (entry instanceof Entry.Published published) {
      json.writeStringField("kind", "published");
      json.writeStringField("type", published.type());
      json.writeStringField("origin", published.originId());
      writeTexts(json, "to", published.to());
      if (published.only() != null) {
        writeTexts(json, "only", published.only());
      }
      if (published.except() != null) {
        json.writeStringField("except", published.except());
      }
    }
  }

  private static void writeTexts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** The bytes must be those of {@link #encode}. */
  static Entry decode(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    JsonNode head = read(bytes, end);
    String kind = text(head, "kind");
    return switch (kind) {
      case "joined" -> new Entry.Joined(readSeat(head, text(head, "seat")));
      case "moved" -> new Entry.Moved(text(head, "seat"), text(head, "node"));
      case "left" ->
          new Entry.Left(
              text(head, "seat"), text(head, "client"), EndReason.valueOf(text(head, "why")));
      case "published" ->
          new Entry.Published(
              text(head, "type"),
              text(head, "origin"),
              Payload.ofValidJson(Arrays.copyOfRange(bytes, end + 1, bytes.length)),
              List.copyOf(texts(head.path("to"))),
              head.has("only") ? texts(head.path("only")) : null,
              textOrNull(head, "except"));
      default -> throw new IllegalArgumentException("an entry of unknown kind: " + kind);
    };
  }

  /** What an entry counts for in the bytes that a channel keeps. */
  static int weight(String channelId, Entry entry) {
    int weight = ENTRY_OVERHEAD + channelId.length();
    if (entry instanceof Entry.Published published) {
      weight +=
          published.type().length() + published.originId().length() + published.payload().length();
      for (String id : published.to()) {
        weight += RECIPIENT_OVERHEAD + id.length();
      }
    } else if (entry instanceof Entry.Joined joined) {
      weight += joined.seat().clientId().length();
    }
    return weight;
  }

  /**
   * A seat as it is kept beside the log, without its id, which is the key that it is kept under.
   */
  static byte[] encode(Place place) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    writeObject(
        bytes,
        json -> {
          json.writeNumberField("order", place.order());
          writeSeat(json, place.seat());
        });
    return bytes.toByteArray();
  }

  static Place decodePlace(String seatId, byte[] bytes) {
    JsonNode record = read(bytes, bytes.length);
    return new Place(record.path("order").longValue(), readSeat(record, seatId));
  }

  private static void writeSeat(JsonGenerator json, Seat seat) throws IOException {
    json.writeStringField("seat", seat.id());
    json.writeStringField("client", seat.clientId());
    if (seat.tokenHash() != null) {
      json.writeStringField("token", seat.tokenHash());
    }
    json.writeStringField("node", seat.node());
  }

  private static Seat readSeat(JsonNode record, String id) {
    return new Seat(id, text(record, "client"), textOrNull(record, "token"), text(record, "node"));
  }

  private static String text(JsonNode record, String name) {
    String text = textOrNull(record, name);
    if (text == null) {
      throw new IllegalArgumentException("nothing called " + name + " in what Redis has");
    }
    return text;
  }

  private static @Nullable String textOrNull(JsonNode record, String name) {
    return record.path(name).textValue();
  }

  private static Set<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return new LinkedHashSet<>(texts);
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static void writeObject(ByteArrayOutputStream bytes, Fields fields) {
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(byte[] bytes, int length) {
    try {
      return MAPPER.readTree(bytes, 0, length);
    } catch (IOException e) {
      throw new IllegalArgumentException("not to be read, what Redis has", e);
    }
  }
}
