package io.pipely.redis;

import io.pipely.spi.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a channel was in Redis at one moment.
 *
 * @param run what {@link Keys#run} was: another word than before where the data were lost
 * @param epoch empty where there was no channel
 * @param origin the epoch in which this life of the channel began, before it was ever put back
 * @param isSequel whether the log is what follows what was known, without a hole, and the seats are
 *     left out; otherwise it is all that was kept
 * @param isDiverged whether another change is in the place of the last entry that was known
 * @param places in order of joining
 */
record Reading(
    String run,
    String epoch,
    String origin,
    long version,
    long last,
    @Nullable String passwordHash,
    boolean isSequel,
    boolean isDiverged,
    List<Logged> log,
    List<Place> places) {

  /**
   * An entry of the log.
   *
   * @param version the channel's version after the whole change
   * @param time when it was entered, in milliseconds
   */
  record Logged(long number, String change, long version, long time, Entry entry) {}

  /**
   * From what the script gives.
   *
   * @param keepTime what is older is left out, where it is not a sequel
   */
  static Reading decode(List<?> answer, Duration keepTime) {
    String run = text(answer.get(0));
    if (answer.size() == 1) {
      return new Reading(run, "", "", 0, 0, null, false, false, List.of(), List.of());
    }
    String epoch = text(answer.get(1));
    String origin = text(answer.get(9));
    String password = text(answer.get(4));
    long time = number(answer.get(5));
    long how = number(answer.get(6));
    boolean isSequel = how == 1;
    List<Logged> log = log((List<?>) answer.get(7));
    if (!isSequel) {
      log.removeIf(entry -> entry.time() < time - keepTime.toMillis());
    }
    return new Reading(
        run,
        epoch,
        origin.isEmpty() ? epoch : origin,
        number(answer.get(2)),
        number(answer.get(3)),
        password.isEmpty() ? null : password,
        isSequel,
        how == 2,
        log,
        places((List<?>) answer.get(8)));
  }

  boolean isNone() {
    return epoch.isEmpty();
  }

  /**
   * Whether all that there was in this life of the channel is in the log: not so where it was given
   * back with its members, who are in no entry.
   */
  boolean isFromItsBeginning() {
    return !log.isEmpty()
        && log.get(0).number() == 1
        && log.size() == last
        && version == Effect.countMembers(log.stream().map(Logged::entry).toList());
  }

  private static List<Logged> log(List<?> entries) {
    List<Logged> log = new ArrayList<>(entries.size());
    for (Object entry : entries) {
      List<?> idAndFields = (List<?>) entry;
      String id = text(idAndFields.get(0));
      List<?> fields = (List<?>) idAndFields.get(1);
      log.add(
          new Logged(
              Long.parseLong(id.substring(0, id.indexOf('-'))),
              text(fields.get(1)),
              number(fields.get(3)),
              number(fields.get(7)),
              EntryCodec.decode((byte[]) fields.get(9))));
    }
    return log;
  }

  private static List<Place> places(List<?> idsAndRecords) {
    List<Place> places = new ArrayList<>(idsAndRecords.size() / 2);
    for (int i = 0; i < idsAndRecords.size(); i += 2) {
      places.add(
          EntryCodec.decodePlace(text(idsAndRecords.get(i)), (byte[]) idsAndRecords.get(i + 1)));
    }
    places.sort(Comparator.comparingLong(Place::order));
    return places;
  }

  private static long number(Object value) {
    return value instanceof Long number ? number : Long.parseLong(text(value));
  }

  private static String text(Object value) {
    return new String((byte[]) value, StandardCharsets.UTF_8);
  }
}
