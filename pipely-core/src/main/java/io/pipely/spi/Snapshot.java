package io.pipely.spi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel at one moment. Immutable.
 *
 * @param epoch which life of the channel it is; empty where there is no channel
 * @param version how many times its members have changed in that life
 * @param passwordHash as text, null where it has no password
 * @param seats its members in order of joining
 * @param last the number of the newest entry of its log, 0 where there was none
 * @param log the newest entries that are kept, up to {@code last}, without a hole
 */
public record Snapshot(
    String epoch,
    long version,
    @Nullable String passwordHash,
    List<Seat> seats,
    long last,
    List<Entry> log) {

  /** No channel. */
  public static final Snapshot NONE = new Snapshot("", 0, null, List.of(), 0, List.of());

  public Snapshot {
    Objects.requireNonNull(epoch, "epoch");
    seats = List.copyOf(seats);
    log = List.copyOf(log);
  }
}
