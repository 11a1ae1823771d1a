package io.pipely.core;

import io.pipely.Join;
import io.pipely.Publication;
import io.pipely.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a request is well formed, whatever channel it is about: in the protocol's order. */
final class Checks {

  /** In one publish request. */
  private static final int MAX_EVENTS = 64;

  private Checks() {}

  static @Nullable Refusal join(Join join) {
    Refusal refusal = member(join.channelId(), join.clientId());
    String token = join.credentials().token();
    return refusal == null && token != null ? Names.checkToken(token) : refusal;
  }

  /** Who it is about, and where. */
  static @Nullable Refusal member(String channelId, String clientId) {
    Refusal refusal = Names.checkChannelId(channelId);
    return refusal == null ? Names.checkClientId(clientId) : refusal;
  }

  static @Nullable Refusal count(List<Publication> publications) {
    return publications.isEmpty() || publications.size() > MAX_EVENTS ? Refusal.EVENT_COUNT : null;
  }

  /**
   * One of several publications.
   *
   * @param channelId the channel of the first of them
   */
  static @Nullable Refusal publication(Publication publication, String channelId) {
    Refusal refusal = Names.checkChannelId(publication.channelId());
    if (refusal == null) {
      refusal = Names.checkType(publication.type());
    }
    if (refusal == null) {
      refusal = Names.checkOriginId(publication.originId());
    }
    List<String> to = publication.to();
    if (refusal == null && to != null && to.isEmpty()) {
      refusal = Refusal.NO_RECIPIENT;
    }
    boolean isElsewhere = refusal == null && !publication.channelId().equals(channelId);
    return isElsewhere ? Refusal.SEVERAL_CHANNELS : refusal;
  }
}
