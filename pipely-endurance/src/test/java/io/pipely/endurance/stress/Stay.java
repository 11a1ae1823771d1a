package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Frames;
import io.pipely.contract.SseClient;
import java.util.List;
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
    List<List<String>> frames = stream.frames();
    for (int i = frames.size() - 1; i >= 0; i--) {
      Optional<EventId> id = Frames.id(frames.get(i));
      if (id.isPresent()) {
        return id;
      }
    }
    return Optional.empty();
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
