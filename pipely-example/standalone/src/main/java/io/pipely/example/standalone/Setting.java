package io.pipely.example.standalone;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: what it is called, what its values are, in words that complete "must be …", and how
 * they are read.
 *
 * @param isSecret whether what was set is not to be shown
 * @param parser throws an {@link IllegalArgumentException} for a text that is no such value
 */
record Setting<T>(String name, String description, boolean isSecret, Function<String, T> parser) {

  /** One that may be shown. */
  Setting(String name, String description, Function<String, T> parser) {
    this(name, description, false, parser);
  }

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
      String wrong = isSecret ? "" : ": '" + printable(text) + "'";
      throw new InvalidSettingException(name + " must be " + description + wrong);
    }
  }

  /** What would break the line, or do worse to a terminal, is not shown as it is. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
