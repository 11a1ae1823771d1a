package io.pipely.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.pipely.Payload;
import io.pipely.Publication;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a publish request: one JSON object (RFC 8259) and nothing else. The payload is
 * checked and passed through as it is written, so that a number keeps its digits.
 */
final class PublishParser {

  /** Levels of arrays and objects; the event itself is the first. */
  private static final int MAX_DEPTH = 64;

  /** How the parser names a second place. */
  private static final Pattern SOURCE =
      Pattern.compile("\\[Source: [^\\]]*line: (\\d+), column: (\\d+)\\]");

  /** The body's size is bounded before it is parsed, so of its parts only the depth need be. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Clients choose the names.
          .build();

  private final byte[] body;
  private final JsonParser parser;
  private @Nullable String channelId;
  private @Nullable String type;
  private @Nullable String originId;
  private @Nullable Payload payload;

  /** The names of fields that mean nothing to us; seldom there are any. */
  private Set<String> otherNames = Set.of();

  private PublishParser(byte[] body, JsonParser parser) {
    this.body = body;
    this.parser = parser;
  }

  static Publication parse(byte[] body) throws BadRequest {
    JsonText.check(body);
    try (JsonParser parser = JSON.createParser(body)) {
      return new PublishParser(body, parser).object();
    } catch (JsonProcessingException e) {
      throw JsonText.malformed(what(e) + at(e.getLocation()));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private Publication object() throws IOException, BadRequest {
    JsonToken start = parser.nextToken();
    if (start == null) {
      throw JsonText.malformed("it is empty");
    }
    if (start != JsonToken.START_OBJECT) {
      throw JsonText.malformed("it begins with another kind of value");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      field(parser.currentName());
    }
    if (parser.nextToken() != null) {
      throw JsonText.malformed("something follows it" + at(parser.currentTokenLocation()));
    }
    return Publication.of(
        orEmpty(channelId),
        orEmpty(type),
        orEmpty(originId),
        payload == null ? Payload.NULL : payload);
  }

  private void field(String name) throws IOException, BadRequest {
    boolean isFirst =
        switch (name) {
          case "channel_id" -> channelId == null;
          case "type" -> type == null;
          case "origin_id" -> originId == null;
          case "payload" -> payload == null;
          default -> isFirstOther(name);
        };
    if (!isFirst) {
      throw JsonText.malformed(
          "field '"
              + BadRequest.quote(name)
              + "' is there twice"
              + at(parser.currentTokenLocation()));
    }
    JsonToken value = parser.nextToken();
    switch (name) {
      case "channel_id" -> channelId = string(name, value);
      case "type" -> type = string(name, value);
      case "origin_id" -> originId = string(name, value);
      case "payload" -> payload = any();
      default -> parser.skipChildren();
    }
  }

  private boolean isFirstOther(String name) {
    otherNames = otherNames.isEmpty() ? new HashSet<>() : otherNames;
    return otherNames.add(name);
  }

  /** A missing field and null are both the empty string, which the rules refuse by name. */
  private String string(String name, JsonToken value) throws IOException, BadRequest {
    if (value == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (value == JsonToken.VALUE_NULL) {
      return "";
    }
    throw JsonText.malformed(
        "field '" + name + "' must be a string" + at(parser.currentTokenLocation()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private Payload any() throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    return Payload.ofValidJson(JsonText.compact(body, from, to));
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** The parser quotes the client's text. */
  private static String what(JsonProcessingException e) {
    return BadRequest.quote(
        SOURCE.matcher(e.getOriginalMessage()).replaceAll("line $1, column $2"));
  }
}
