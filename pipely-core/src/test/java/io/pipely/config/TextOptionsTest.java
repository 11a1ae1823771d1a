package io.pipely.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.http.PipelyHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "1,          1",
    "065536,     65536",
    "64KiB,      65536",
    "1MiB,       1048576",
    "2047MiB,    2146435072",
    "2147483647, 2147483647",
  })
  void readsASize(String text, int bytes) {
    assertEquals(bytes, Texts.size(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0KiB", "-1", "+1", "1.5MiB", "1 KiB", "1kib", "1KB", "1GiB", "KiB", "١"})
  void refusesWhatIsNoSize(String text) {
    assertRefused("maxBody", "a size like '65536', '64KiB' or '1MiB'", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2048MiB", "2147483648", "9999999999MiB", "99999999999"})
  void refusesASizeThatNoArrayHas(String text) {
    assertRefused("keepBytes", "a size like '65536', '64KiB' or '1MiB'", text);
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "10s, PT10S", "2m, PT2M", "0s, PT0S", "9999999s, PT9999999S"})
  void readsATime(String text, Duration time) {
    assertEquals(time, Texts.time(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "-1s", "1h", "1.5s", "s", "10 s", "99999999s", "10S", "٣s"})
  void refusesWhatIsNoTime(String text) {
    assertRefused("grace", "a time like '500ms', '10s' or '2m'", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keepTime", "heartbeat", "stall"})
  void onlyTheGraceMayBeNone(String name) {
    assertRefused(name, "a time like '500ms', '10s' or '2m', above zero", "0s");
    TextOptions.of(Map.of("grace", "0s"), n -> n);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1e3", "1000000000", "1,000", " 1"})
  void refusesWhatIsNoNumber(String text) {
    assertRefused("maxMembers", "a number of at least 1", text);
    assertRefused("maxChannels", "a number of at least 1", text);
  }

  @Test
  void readsOrigins() {
    assertEquals(List.of("*"), Texts.origins("*"));
    assertEquals(List.of("https://a.example"), Texts.origins("https://a.example"));
    assertEquals(
        List.of("https://a.example", "http://[::1]:8080", "app://x"),
        Texts.origins(" https://a.example,http://[::1]:8080 , app://x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example",
        "https://a.example/",
        "https://A.example",
        "*,https://a.example",
        "https://a.example,",
        ",",
        "https://a.example https://b.example",
        "null"
      })
  void refusesAnOriginThatNoBrowserSends(String text) {
    assertRefused(
        "allowedOrigins",
        "'*' or a comma-separated list of origins like 'https://example.org'",
        text);
  }

  @Test
  void aKeyIsNotShownNotEvenAWrongOne() {
    assertEquals(
        "serverKey must be of visible ASCII characters", refusal(Map.of("serverKey", "a b")));
    assertFalse(
        TextOptions.of(Map.of("serverKey", "canary"), n -> n)
            .effective()
            .toString()
            .contains("canary"));
  }

  @Test
  void whatWouldBreakTheLineIsNotShown() {
    assertRefused("strictOrigins", "'true' or 'false'", "yes\n\u001b", "yes??");
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertEquals(
        "keepTime must be at least stall, which is 5s: '4999ms'",
        refusal(Map.of("keepTime", "4999ms", "stall", "5s")));
    assertEquals(
        "keepBytes must be at least 4 times maxBody, which is 16KiB: '65535'",
        refusal(Map.of("keepBytes", "65535", "maxBody", "16KiB")));
    TextOptions.of(
        Map.of("keepTime", "5s", "stall", "5s", "keepBytes", "64KiB", "maxBody", "16KiB"), n -> n);
  }

  @Test
  void whatIsGivenReachesTheBuilders() {
    TextOptions options = TextOptions.of(Map.of("maxBody", "10", "keepBytes", "40"), n -> n);
    PipelyBuilder rules = Pipely.builder();
    options.applyTo(rules);
    try (Pipely pipely = rules.build()) {
      PipelyHttp.Builder protocol = PipelyHttp.builder(pipely);
      options.applyTo(protocol);
      assertEquals(10, protocol.build().maxBody());
      assertEquals(40, pipely.keepBytes());
    }
  }

  private static void assertRefused(String name, String rule, String text) {
    assertRefused(name, rule, text, text);
  }

  private static void assertRefused(String name, String rule, String text, String shown) {
    assertEquals(name + " must be " + rule + ": '" + shown + "'", refusal(Map.of(name, text)));
  }

  private static String refusal(Map<String, String> texts) {
    return assertThrows(IllegalArgumentException.class, () -> TextOptions.of(texts, n -> n))
        .getMessage();
  }
}
