package io.pipely.config;

import io.pipely.PipelyBuilder;
import io.pipely.http.PipelyHttp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The options of the rules and of the protocol, given as texts: sizes such as {@code 65536}, {@code
 * 64KiB} and {@code 1MiB}, times such as {@code 500ms}, {@code 10s} and {@code 2m}. Each has the
 * builder's default where it is not given. Immutable.
 */
public final class TextOptions {

  private static final String COUNT = "a number of at least 1";
  private static final String SIZE = "a size like '65536', '64KiB' or '1MiB'";
  private static final String TIME = "a time like '500ms', '10s' or '2m'";
  private static final String POSITIVE_TIME = TIME + ", above zero";

  private static final TextOption<String> SERVER_KEY =
      new TextOption<>("serverKey", "of visible ASCII characters", Texts::key, null);
  private static final TextOption<Boolean> STRICT_ORIGINS =
      new TextOption<>("strictOrigins", "'true' or 'false'", Texts::flag, "false");
  private static final TextOption<List<String>> ALLOWED_ORIGINS =
      new TextOption<>(
          "allowedOrigins",
          "'*' or a comma-separated list of origins like 'https://example.org'",
          Texts::origins,
          "*");
  private static final TextOption<Integer> MAX_BODY = size("maxBody", "64KiB");
  private static final TextOption<Integer> MAX_MEMBERS = count("maxMembers", "10000");
  private static final TextOption<Integer> MAX_CHANNELS = count("maxChannels", "100000");
  private static final TextOption<Integer> KEEP_BYTES = size("keepBytes", "1MiB");
  private static final TextOption<Duration> KEEP_TIME = time("keepTime", "60s");
  private static final TextOption<Duration> GRACE =
      new TextOption<>("grace", TIME, Texts::time, "10s");
  private static final TextOption<Duration> HEARTBEAT = time("heartbeat", "45s");
  private static final TextOption<Duration> STALL = time("stall", "20s");

  private static final List<TextOption<?>> ALL =
      List.of(
          SERVER_KEY,
          STRICT_ORIGINS,
          ALLOWED_ORIGINS,
          MAX_BODY,
          MAX_MEMBERS,
          MAX_CHANNELS,
          KEEP_BYTES,
          KEEP_TIME,
          GRACE,
          HEARTBEAT,
          STALL);

  private final Map<String, String> texts;

  private TextOptions(Map<String, String> texts) {
    this.texts = texts;
  }

  private static TextOption<Integer> count(String name, String defaultText) {
    return new TextOption<>(name, COUNT, Texts::count, defaultText);
  }

  private static TextOption<Integer> size(String name, String defaultText) {
    return new TextOption<>(name, SIZE, Texts::size, defaultText);
  }

  private static TextOption<Duration> time(String name, String defaultText) {
    return new TextOption<>(name, POSITIVE_TIME, Texts::positiveTime, defaultText);
  }

  /** What the options are called: the builders' words for them, such as {@code maxBody}. */
  public static List<String> names() {
    return ALL.stream().<String>map(TextOption::name).toList();
  }

  /**
   * Reads them all.
   *
   * @param texts by the options' names; other names are passed over, and an empty text counts as
   *     not given
   * @param shown what an option is called where it was set, for messages
   * @throws IllegalArgumentException where one is wrong, or two do not go together; its message is
   *     one line that says which and why, without a secret
   */
  public static TextOptions of(Map<String, String> texts, UnaryOperator<String> shown) {
    TextOptions options = new TextOptions(Map.copyOf(texts));
    for (TextOption<?> option : ALL) {
      options.check(option, shown);
    }
    options.checkTogether(shown);
    return options;
  }

  private void check(TextOption<?> option, UnaryOperator<String> shown) {
    try {
      option.in(texts);
    } catch (IllegalArgumentException e) {
      String wrong =
          option.isSecret() ? "" : ": '" + printable(texts.getOrDefault(option.name(), "")) + "'";
      throw new IllegalArgumentException(
          shown.apply(option.name()) + " must be " + option.description() + wrong, e);
    }
  }

  /** The builders check this, too; here the texts are known that the message is to have. */
  private void checkTogether(Function<String, String> shown) {
    if (KEEP_TIME.valueIn(texts).compareTo(STALL.valueIn(texts)) < 0) {
      throw notTogether(KEEP_TIME, "", STALL, shown);
    }
    if (KEEP_BYTES.valueIn(texts) / PipelyHttp.MIN_KEPT_BODIES < MAX_BODY.valueIn(texts)) {
      throw notTogether(KEEP_BYTES, PipelyHttp.MIN_KEPT_BODIES + " times ", MAX_BODY, shown);
    }
  }

  private IllegalArgumentException notTogether(
      TextOption<?> greater, String times, TextOption<?> less, Function<String, String> shown) {
    return new IllegalArgumentException(
        "%s must be at least %s%s, which is %s: '%s'"
            .formatted(
                shown.apply(greater.name()),
                times,
                shown.apply(less.name()),
                less.textIn(texts),
                greater.textIn(texts)));
  }

  /** What would break the line, or do worse to a terminal, is not shown as it is. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** Sets what is the rules' affair. */
  public void applyTo(PipelyBuilder builder) {
    String key = SERVER_KEY.in(texts);
    if (key != null) {
      builder.serverKey(key);
    }
    builder
        .strictOrigins(STRICT_ORIGINS.valueIn(texts))
        .maxMembers(MAX_MEMBERS.valueIn(texts))
        .maxChannels(MAX_CHANNELS.valueIn(texts))
        .keep(KEEP_BYTES.valueIn(texts), KEEP_TIME.valueIn(texts))
        .grace(GRACE.valueIn(texts))
        .heartbeat(HEARTBEAT.valueIn(texts))
        .stall(STALL.valueIn(texts));
  }

  /** How many bytes of a channel's newest events are kept. */
  public int keepBytes() {
    return KEEP_BYTES.valueIn(texts);
  }

  /** For how long a channel's events are kept. */
  public Duration keepTime() {
    return KEEP_TIME.valueIn(texts);
  }

  /** Sets what is the protocol's. */
  public void applyTo(PipelyHttp.Builder builder) {
    builder.allowedOrigins(ALLOWED_ORIGINS.valueIn(texts)).maxBody(MAX_BODY.valueIn(texts));
  }

  /** What holds now, the defaults included, by the options' names; a secret as {@code (set)}. */
  public Map<String, String> effective() {
    Map<String, String> effective = new LinkedHashMap<>();
    for (TextOption<?> option : ALL) {
      String text = option.textIn(texts);
      effective.put(
          option.name(),
          text == null ? "(not set)" : option.isSecret() ? "(set)" : printable(text));
    }
    return effective;
  }
}
