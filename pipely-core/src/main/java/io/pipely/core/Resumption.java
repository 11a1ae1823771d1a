package io.pipely.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream goes on that says what it saw last.
 *
 * @param seen the number of the event it saw last; of no meaning where there is a gap
 * @param gap null where nothing between is lost
 */
record Resumption(long seen, @Nullable GapReason gap) {

  /** No more digits than a long surely holds; written in one way alone. */
  private static final Pattern ID = Pattern.compile("([0-9A-Za-z]{1,32})-(0|[1-9][0-9]{0,17})");

  /**
   * Reads a last event id.
   *
   * @param epoch of the log
   * @param first the number of the oldest event that is kept
   * @param newest the number of the newest event that the client can have seen
   */
  static Resumption of(String lastEventId, String epoch, long first, long newest) {
    Matcher id = ID.matcher(lastEventId);
    if (!id.matches()) {
      return new Resumption(0, GapReason.INVALID);
    }
    if (!epoch.equals(id.group(1))) {
      return new Resumption(0, GapReason.EPOCH);
    }
    long seen = Long.parseLong(id.group(2));
    if (seen > newest) {
      return new Resumption(0, GapReason.INVALID);
    }
    return new Resumption(seen, seen + 1 < first ? GapReason.EVICTED : null);
  }
}
