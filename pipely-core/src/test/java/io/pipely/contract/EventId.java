package io.pipely.contract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an event: which one it is in this life of its channel.
 *
 * @param epoch a word for the life of the channel
 * @param number from 1; 0 is ahead of all events
 */
public record EventId(String epoch, long number) {

  private static final Pattern FORM = Pattern.compile("([0-9A-Za-z]+)-(0|[1-9][0-9]{0,17})");

  /** Reads one, which has to be well formed. */
  public static EventId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("not the id of an event: " + text);
    }
    return new EventId(matcher.group(1), Long.parseLong(matcher.group(2)));
  }

  /** The event so many after this one. */
  public EventId plus(long events) {
    return new EventId(epoch, number + events);
  }

  @Override
  public String toString() {
    return epoch + "-" + number;
  }
}
