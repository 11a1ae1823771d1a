package io.pipely;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One JSON value (RFC 8259), as UTF-8 text on one line. Immutable. */
public final class Payload {

  /** The JSON value {@code null}. */
  public static final Payload NULL = new Payload("null".getBytes(StandardCharsets.US_ASCII));

  private final byte[] json;

  private Payload(byte[] json) {
    this.json = json;
  }

  /**
   * Any object that Jackson can write: a map, a record, a string, a {@code JsonNode}.
   *
   * @throws IllegalArgumentException where it cannot be written as JSON
   */
  public static Payload of(@Nullable Object value) {
    try {
      return value == null ? NULL : new Payload(oneLine(Mapper.INSTANCE.writeValueAsBytes(value)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON: " + value.getClass(), e);
    }
  }

  /** Raw values that an object brings along may have line ends, as white space: JSON allows it. */
  private static byte[] oneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        json[i] = ' ';
      }
    }
    return json;
  }

  /**
   * JSON text that is known to be one valid value on one line: it is not checked and not copied, so
   * the array must not be changed afterwards.
   */
  public static Payload ofValidJson(byte[] json) {
    return new Payload(json);
  }

  /**
   * The value bound to a class by Jackson; null for the JSON value {@code null}.
   *
   * @throws IllegalArgumentException where the value does not fit the class
   */
  public <T> @Nullable T as(Class<T> type) {
    try {
      return Mapper.INSTANCE.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("payload does not fit " + type.getName(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of bytes of the JSON text. */
  public int length() {
    return json.length;
  }

  /**
   * Copies the JSON text, which is {@link #length} bytes long, into an array.
   *
   * @throws IndexOutOfBoundsException where it does not fit
   */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(json, 0, target, offset, json.length);
  }

  /** Whether the JSON texts are the same to the byte; 1 and 1.0 differ. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that && Arrays.equals(json, that.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Made when it is first needed: the protocol passes payloads through without it. */
  private static final class Mapper {
    static final ObjectMapper INSTANCE = JsonMapper.builder().findAndAddModules().build();
  }
}
