package io.pipely.example.standalone;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: what it is called, what its values are, in words that complete "must be …", and how
 * they are read.
 *
 * @param parser throws an {@link IllegalArgumentException} for a text that is no such value
 */
record Setting<T>(String name, String description, Function<String, T> parser) {

  /**
   * The value among all that was set; an empty one counts as not set, as deployment tools that know
   * no other way of unsetting would have it.
   *
   * @throws InvalidSettingException where it is not what it must be
   */
  Optional<T> in(Map<String, String> texts) {
    String text = texts.getOrDefault(name, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          name + " must be " + description + ": '" + printable(text) + "'");
    }
  }

  /** What would break the line, or do worse to a terminal, is not shown as it is. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
