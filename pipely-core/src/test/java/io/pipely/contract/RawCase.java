package io.pipely.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Bytes that a client sends on one connection, and which answers there may be to them.
 *
 * @param text one byte for each character
 * @param expected the statuses of all answers in their order, such as "200 404", which is what
 *     {@code PipelyServer} gives
 * @param otherwise what else a server may answer whose HTTP is not ours
 * @param mayBeRefused whether such a server may also refuse it, or close without a word
 * @param isCutOff whether the client ends its side after the last byte
 */
record RawCase(
    String name,
    String text,
    String expected,
    List<String> otherwise,
    boolean mayBeRefused,
    boolean isCutOff) {

  /** What is no longer HTTP as one of its readers knows it. Two of the 5xx blame the client. */
  private static final Set<String> REFUSALS =
      Set.of("400", "404", "405", "411", "413", "414", "417", "426", "431", "501", "505");

  private static RawCase of(String name, String text, String expected) {
    return new RawCase(name, text, expected, List.of(), false, false);
  }

  /** To be served, by every server in the same way. */
  static RawCase served(String name, String text, String expected) {
    return of(name, text, expected);
  }

  /** To be refused as no valid HTTP. */
  static RawCase refused(String name, String text) {
    return refused(name, text, "400");
  }

  static RawCase refused(String name, String text, String status) {
    return of(name, text, status).orRefused();
  }

  /** The same, where other answers are in order for a server whose HTTP is not ours. */
  RawCase or(String... statuses) {
    return new RawCase(name, text, expected, List.of(statuses), mayBeRefused, isCutOff);
  }

  RawCase orRefused() {
    return new RawCase(name, text, expected, otherwise, true, isCutOff);
  }

  /** The same, and then the end of what the client has to say. */
  RawCase cutOff() {
    return new RawCase(name, text, expected, otherwise, mayBeRefused, true);
  }

  /**
   * Whether these are answers to it.
   *
   * @param isStrict whether the HTTP is ours
   */
  boolean allows(String statuses, boolean isStrict) {
    return statuses.equals(expected) || (!isStrict && allowsOthers(statuses));
  }

  private boolean allowsOthers(String statuses) {
    boolean isRefusal = statuses.isEmpty() || REFUSALS.contains(statuses);
    return otherwise.contains(statuses) || (mayBeRefused && isRefusal);
  }

  /** How many answers there are to be. */
  int answers() {
    return expected.split(" ").length;
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Bytes for people: short, and on one line. */
  static String shown(String bytes) {
    StringBuilder shown = new StringBuilder();
    bytes
        .chars()
        .limit(60)
        .forEach(
            c -> {
              if (c < ' ' || c > '~') {
                shown.append(String.format("<%02x>", c));
              } else {
                shown.append((char) c);
              }
            });
    return shown + (bytes.length() > 60 ? "..." : "");
  }
}
