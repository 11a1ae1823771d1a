package io.pipely.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.pipely.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as it is read: one JSON value (RFC 8259) and nothing else. What is wrong is said
 * with the place where it is.
 */
final class JsonBody {

  /** Levels of arrays and objects. */
  private static final int MAX_DEPTH = 64;

  /** How the parser names a second place. */
  private static final Pattern SOURCE =
      Pattern.compile("\\[Source: [^\\]]*line: (\\d+), column: (\\d+)\\]");

  /** How it quotes what it cannot read. */
  private static final Pattern TOKEN = Pattern.compile("^(\\S+ token) '[^']*'");

  /** How it tells programmers which of its features would let something pass. */
  private static final Pattern HINT =
      Pattern.compile(":? \\(?(?:enable `|consider enabling|not recognized as one since).*");

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

  private JsonBody(byte[] body, JsonParser parser) {
    this.body = body;
    this.parser = parser;
  }

  /** Makes something of a body, from its first token on. */
  @FunctionalInterface
  interface Reader<T> {
    T read(JsonBody body, JsonToken first) throws IOException, BadRequest;
  }

  /** Takes one field of an object: the token is the first of its value. */
  @FunctionalInterface
  interface Field {
    void take(String name, JsonToken value) throws IOException, BadRequest;
  }

  static <T> T read(byte[] body, Reader<T> reader) throws BadRequest {
    JsonText.check(body);
    try (JsonParser parser = JSON.createParser(body)) {
      return new JsonBody(body, parser).read(reader);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private <T> T read(Reader<T> reader) throws IOException, BadRequest {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw JsonText.malformed("it is empty");
      }
      T value = reader.read(this, first);
      if (parser.nextToken() != null) {
        throw JsonText.malformed("something follows it" + at());
      }
      return value;
    } catch (StreamConstraintsException e) {
      String what = "it has more than " + MAX_DEPTH + " levels of arrays and objects";
      throw JsonText.malformed(what + at(parser.currentLocation()));
    } catch (JsonProcessingException e) {
      throw JsonText.malformed(what(e) + at(e.getLocation()));
    }
  }

  JsonToken next() throws IOException {
    return parser.nextToken();
  }

  boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /**
   * Reads an object whose first token is the current one.
   *
   * @param known the names that mean something, of which there are few; others are passed over
   */
  void object(List<String> known, Field field) throws IOException, BadRequest {
    int seen = 0;
    Set<String> others = Set.of(); // Seldom there are any.
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      int index = known.indexOf(name);
      boolean isFirst;
      if (index >= 0) {
        isFirst = (seen & 1 << index) == 0;
        seen |= 1 << index;
      } else {
        others = others.isEmpty() ? new HashSet<>() : others;
        isFirst = others.add(name);
      }
      if (!isFirst) {
        throw JsonText.malformed("field '" + BadRequest.quote(name) + "' is there twice" + at());
      }
      JsonToken value = parser.nextToken();
      if (index >= 0) {
        field.take(name, value);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** A missing field and null are both the empty string, which the rules refuse by name. */
  String string(String name, JsonToken value) throws IOException, BadRequest {
    return switch (value) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> "";
      default -> throw wrong(name, "a string");
    };
  }

  /** True or false; null is what a missing field is. */
  boolean flag(String name, JsonToken value, boolean otherwise) throws BadRequest {
    return switch (value) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> otherwise;
      default -> throw wrong(name, "true or false");
    };
  }

  /** A string or an array of them; null is what a missing field is. */
  @Nullable List<String> strings(String name, JsonToken value) throws IOException, BadRequest {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value == JsonToken.VALUE_STRING) {
      return List.of(parser.getText());
    }
    List<String> strings = new ArrayList<>();
    boolean isGood = value == JsonToken.START_ARRAY;
    while (isGood && parser.nextToken() != JsonToken.END_ARRAY) {
      isGood = parser.currentToken() == JsonToken.VALUE_STRING;
      strings.add(isGood ? parser.getText() : "");
    }
    if (!isGood) {
      throw wrong(name, "a string or an array of strings");
    }
    return strings;
  }

  /** Any value, as it is written but for white space. */
  Payload any() throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    return Payload.ofValidJson(JsonText.compact(body, from, to));
  }

  private BadRequest wrong(String name, String must) {
    return JsonText.malformed("field '" + name + "' must be " + must + at());
  }

  /** Where the current token is. */
  private String at() {
    return at(parser.currentTokenLocation());
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** What the parser says, but for words of the client's, which may be secret, and of its own. */
  private static String what(JsonProcessingException e) {
    String what = SOURCE.matcher(e.getOriginalMessage()).replaceAll("line $1, column $2");
    return BadRequest.quote(HINT.matcher(TOKEN.matcher(what).replaceAll("$1")).replaceAll(""));
  }
}
