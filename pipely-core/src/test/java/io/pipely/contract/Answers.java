package io.pipely.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;

/** Checks whole answers. */
public final class Answers {

  private Answers() {}

  public static void assertAccepted(Http.Response response) {
    assertEquals(200, response.status(), response::toString);
    assertEquals("", response.text());
  }

  /** The answer is that refusal, to the letter and to the word. */
  public static void assertRefused(
      int status, String word, String message, Http.Response response) {
    assertAll(
        () -> assertRefused(status, message, response),
        () -> assertEquals(List.of(word), response.headers().all("Pipely-Error"), "word"));
  }

  /** The answer is that refusal, to the letter. */
  public static void assertRefused(int status, String message, Http.Response response) {
    assertAll(
        () -> assertRefused(status, response),
        () -> assertEquals(message + "\n", response.text(), "message"));
  }

  /** The answer is a refusal whose message begins so, and then goes into details. */
  public static void assertRefusedInDetail(int status, String beginning, Http.Response response) {
    assertAll(
        () -> assertRefused(status, response),
        () -> assertTrue(response.text().startsWith(beginning), response::toString),
        () -> assertEquals(response.text().length() - 1, response.text().indexOf('\n'), "lines"));
  }

  private static void assertRefused(int status, Http.Response response) {
    Headers headers = response.headers();
    assertAll(
        response.toString(),
        () -> assertEquals(status, response.status(), "status"),
        () -> assertEquals("text/plain;charset=utf-8", withoutSpace(headers.only("Content-Type"))),
        () -> assertEquals("nosniff", headers.only("X-Content-Type-Options")),
        () -> assertEquals("*", headers.only("Access-Control-Allow-Origin")));
  }

  /** Servers write the space before a parameter, or leave it out: RFC 9110, 8.3.1. */
  private static String withoutSpace(String mediaType) {
    return mediaType.replace(" ", "").toLowerCase(Locale.ROOT);
  }
}
