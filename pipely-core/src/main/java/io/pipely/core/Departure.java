package io.pipely.core;

import io.pipely.Answer;
import io.pipely.EndReason;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A membership is to end for good. */
final class Departure extends Proposal {

  /** On what ground a membership is to end. */
  @FunctionalInterface
  interface Ground {

    /**
     * What is against it; called with the channel's lock held.
     *
     * @param present who has the client id now
     */
    @Nullable Refusal refusal(@Nullable Member present);
  }

  private final Channel channel;
  private final String key;
  private final EndReason why;
  private final Ground ground;
  private final Answer<? super String> answer;

  // Guarded by the channel's lock:

  private @Nullable Member member;
  private Runnable rest = () -> {};

  /**
   * Of whoever has a client id.
   *
   * @param key the folded id
   * @param answer takes the id in its member's spelling
   */
  Departure(
      Channel channel, String key, EndReason why, Ground ground, Answer<? super String> answer) {
    this.channel = channel;
    this.key = key;
    this.why = why;
    this.ground = ground;
    this.answer = answer;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    member = channel.member(key);
    return ground.refusal(member);
  }

  @Override
  List<Entry> entries() {
    return List.of(new Entry.Left(leaver().seat().id(), leaver().clientId(), why));
  }

  @Override
  boolean isAboutMembers() {
    return true;
  }

  @Override
  boolean isToBeLookedUp(Refusal refusal) {
    return why == EndReason.LEFT;
  }

  @Override
  void apply() {
    rest = channel.remove(leaver(), why);
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
    answer.refused(refusal);
  }

  private Member leaver() {
    return Objects.requireNonNull(member);
  }
}
