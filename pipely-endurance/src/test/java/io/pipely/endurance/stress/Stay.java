package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Frames;
import io.pipely.contract.SseClient;
import java.util.Optional;

/**
 * One stream of one client: what it asked for, and what it gets.
 *
 * @param lastEventId empty where none was given
 */
record Stay(
    Room room,
    String clientId,
    boolean hasToken,
    boolean isPresenceWanted,
    String lastEventId,
    int history,
    SseClient stream) {

  /** What the client would give as the last id; empty where it has none. */
  Optional<EventId> lastId() {
    return Frames.lastId(stream.frames());
  }

  @Override
  public String toString() {
    return clientId
        + " in "
        + room.channelId()
        + (hasToken ? ", token" : "")
        + (isPresenceWanted ? "" : ", no presence")
        + (lastEventId.isEmpty() ? "" : ", after " + lastEventId)
        + (history == 0 ? "" : ", history " + history);
  }
}
