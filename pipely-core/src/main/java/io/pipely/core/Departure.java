package io.pipely.core;

import io.pipely.Answer;
import io.pipely.EndReason;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client has asked to leave, wherever its connection is. */
final class Departure extends Proposal {

  private final Channel channel;
  private final String clientId;
  private final String key;
  private final byte @Nullable [] tokenHash;
  private final Answer<? super String> answer;

  // Guarded by the channel's lock:

  private @Nullable Member member;
  private Runnable rest = () -> {};

  /**
   * Of whoever has a client id, in any spelling.
   *
   * @param answer takes the id in its member's spelling
   */
  Departure(
      Channel channel,
      String clientId,
      byte @Nullable [] tokenHash,
      Answer<? super String> answer) {
    this.channel = channel;
    this.clientId = clientId;
    this.key = Names.fold(clientId);
    this.tokenHash = tokenHash;
    this.answer = answer;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    member = channel.member(key);
    return channel.refusalToLeave(member, tokenHash);
  }

  @Override
  List<Entry> entries() {
    return List.of(new Entry.Left(leaver().seat().id(), leaver().clientId(), EndReason.LEFT));
  }

  @Override
  boolean isAboutMembers() {
    return true;
  }

  @Override
  boolean isToBeLookedUp(Refusal refusal) {
    return true;
  }

  @Override
  void apply() {
    rest = channel.remove(leaver(), EndReason.LEFT);
  }

  @Override
  void applied() {
    try {
      answer.ok(leaver().clientId());
    } finally {
      rest.run();
    }
  }

  @Override
  void refused(Refusal refusal) {
    channel.refuse(refusal, clientId, answer);
  }

  @Override
  void again(Refusal refusal) {
    channel.hub().findAndLeave(channel.id(), clientId, tokenHash, answer);
  }

  private Member leaver() {
    return Objects.requireNonNull(member);
  }
}
