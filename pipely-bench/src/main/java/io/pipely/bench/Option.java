package io.pipely.bench;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One option with a value.
 *
 * @param name with its dashes
 * @param mustBe what the value must be, to follow "must be"
 * @param reader makes a value of a text; an {@link IllegalArgumentException} refuses the text
 */
record Option<T>(String name, String mustBe, Function<String, T> reader) {

  /** A whole number between two, both included. */
  static Option<Integer> number(String name, int min, int max) {
    return new Option<>(
        name,
        "a whole number from " + min + " to " + max,
        text -> {
          int number = Integer.parseInt(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException(text);
          }
          return number;
        });
  }

  /**
   * The value among those given.
   *
   * @throws InvalidOptionException where it cannot be read
   */
  Optional<T> in(Map<String, String> texts) {
    return Optional.ofNullable(texts.get(name)).map(this::read);
  }

  private T read(String text) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidOptionException(
          name + " must be " + mustBe + ", not '" + printable(text) + "'");
    }
  }

  /** What would break the line, or do worse to a terminal, is not shown as it is. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
