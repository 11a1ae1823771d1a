package io.pipely.contract;

import java.util.List;
import java.util.Optional;

/** Reads the one line of a frame that the contract is about. */
public final class Frames {

  private static final String DATA = "data: ";

  private Frames() {}

  /**
   * The event of a frame, exactly as it was sent; empty where the frame is a sign of life only.
   * Comments and the fields {@code id} and {@code retry} are no part of the contract: a server may
   * send them.
   */
  public static Optional<String> event(List<String> frame) {
    Optional<String> event = Optional.empty();
    for (String line : frame) {
      if (line.startsWith(DATA) && event.isEmpty()) {
        event = Optional.of(line.substring(DATA.length()));
      } else if (!line.startsWith(":") && !line.startsWith("id: ") && !line.startsWith("retry: ")) {
        throw new AssertionError("a line that does not belong into a frame: " + line);
      }
    }
    return event;
  }
}
