package io.pipely.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The headers of an answer, as they were sent: in order, with repetitions. */
public final class Headers {

  /** One line; the value's bytes are read as ISO-8859-1. */
  public record Field(String name, String value) {}

  private final List<Field> fields;

  Headers(List<Field> fields) {
    this.fields = Collections.unmodifiableList(new ArrayList<>(fields));
  }

  /** All values of a header, whose name may be in any case. */
  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** The value of a header that has to be there once. */
  public String only(String name) {
    List<String> values = all(name);
    if (values.size() != 1) {
      throw new AssertionError(name + " should be there once: " + this);
    }
    return values.get(0);
  }

  /** The elements of a header that is a comma-separated list, over all its lines. */
  public List<String> list(String name) {
    return all(name).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
