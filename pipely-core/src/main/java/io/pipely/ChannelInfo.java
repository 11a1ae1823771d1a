package io.pipely;

import java.util.List;

/**
 * A channel at one moment.
 *
 * @param isProtected whether a password is needed to join and to publish
 * @param clients the members' ids in order of joining; immutable
 */
public record ChannelInfo(String channelId, boolean isProtected, List<String> clients) {
  public ChannelInfo {
    clients = List.copyOf(clients);
  }
}
