package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Refusal;
import java.util.List;

/** What all refusals of requests that cannot be read have in common. */
final class Refusals {

  /** In characters; what a client wrote is quoted, but not at any length. */
  private static final int MAX_MESSAGE = 400;

  private Refusals() {}

  /** One of the refusals of the list, told in a line that nothing in it can forge. */
  static void assertDocumented(BadRequest why, List<Refusal> documented) {
    assertTrue(documented.contains(why.refusal()), () -> "not for this: " + why.refusal());
    String text = why.text();
    assertTrue(!text.isEmpty() && text.length() < MAX_MESSAGE, () -> "length: " + text.length());
    assertTrue(
        text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029),
        () -> "not one line: " + text);
  }
}
