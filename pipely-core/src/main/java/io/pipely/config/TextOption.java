package io.pipely.config;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One option: what it is called, what its values are, in words that complete "must be …", how they
 * are read, and what it is where nothing is given.
 *
 * @param parser throws an {@link IllegalArgumentException} for a text that is no such value
 * @param defaultText null where there is no value unless one is given
 */
record TextOption<T>(
    String name, String description, Function<String, T> parser, @Nullable String defaultText) {

  /** The one that must not be shown, not even where it is wrong, has no default. */
  boolean isSecret() {
    return defaultText == null;
  }

  /** What was given, or the default; an empty text counts as not given. */
  @Nullable String textIn(Map<String, String> texts) {
    String text = texts.getOrDefault(name, "");
    return text.isEmpty() ? defaultText : text;
  }

  /** Null where there is neither a text nor a default. */
  @Nullable T in(Map<String, String> texts) {
    String text = textIn(texts);
    return text == null ? null : parser.apply(text);
  }

  /**
   * The value of an option that has a default.
   *
   * @throws IllegalArgumentException where the text is no such value
   */
  T valueIn(Map<String, String> texts) {
    T value = in(texts);
    if (value == null) {
      throw new IllegalStateException(name + " has no default");
    }
    return value;
  }
}
