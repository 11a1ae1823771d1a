package io.pipely.contract;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the one line of a frame that the contract is about. */
public final class Frames {

  private static final String DATA = "data: ";
  private static final String ID = "id: ";
  private static final String RETRY = "retry: ";

  private Frames() {}

  /**
   * The event of a frame, exactly as it was sent; empty where the frame is a sign of life only.
   * Comments and the fields {@code id} and {@code retry} are no part of the event.
   */
  public static Optional<String> event(List<String> frame) {
    Optional<String> event = Optional.empty();
    for (String line : frame) {
      if (line.startsWith(DATA) && event.isEmpty()) {
        event = Optional.of(line.substring(DATA.length()));
      } else if (!line.startsWith(":") && !line.startsWith(ID) && !line.startsWith(RETRY)) {
        throw new AssertionError("a line that does not belong into a frame: " + line);
      }
    }
    return event;
  }

  /** What the frame says that the client has got as far as; empty where it says nothing of that. */
  public static Optional<EventId> id(List<String> frame) {
    return field(ID, frame).map(EventId::parse);
  }

  /** What the last of them says that the client has got as far as; empty where none does. */
  public static Optional<EventId> lastId(List<List<String>> frames) {
    for (int i = frames.size() - 1; i >= 0; i--) {
      Optional<EventId> id = id(frames.get(i));
      if (id.isPresent()) {
        return id;
      }
    }
    return Optional.empty();
  }

  /** After how many milliseconds to come back, where the frame says so. */
  public static OptionalInt retry(List<String> frame) {
    return field(RETRY, frame).stream().mapToInt(Integer::parseInt).findFirst();
  }

  /** The value of a field that is there at most once. */
  private static Optional<String> field(String name, List<String> frame) {
    List<String> lines = frame.stream().filter(line -> line.startsWith(name)).toList();
    if (lines.size() > 1) {
      throw new AssertionError("a field is there twice: " + frame);
    }
    return lines.stream().map(line -> line.substring(name.length())).findFirst();
  }
}
