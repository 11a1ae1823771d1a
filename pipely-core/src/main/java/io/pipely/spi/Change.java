package io.pipely.spi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are to be appended to a channel's log, together or not at all. Immutable.
 *
 * @param id unlike that of any other change of any node
 * @param epoch which life of the channel it was decided on: entered only if it is the same still.
 *     Where the channel is to be made, the life that is to begin: entered only if there is no
 *     channel
 * @param version how many times the members of that life had changed: entered only if that is so
 *     still. Of no meaning where the channel is to be made
 * @param creation not null where the channel is to be made
 * @param entries at least one
 */
public record Change(
    String id, String epoch, long version, @Nullable Creation creation, List<Entry> entries) {

  /**
   * What a channel is made with.
   *
   * @param passwordHash as text, null for none
   */
  public record Creation(@Nullable String passwordHash) {}

  public Change {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(epoch, "epoch");
    entries = List.copyOf(entries);
  }
}
