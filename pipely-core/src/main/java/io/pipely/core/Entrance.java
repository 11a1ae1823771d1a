package io.pipely.core;

import io.pipely.Answer;
import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Refusal;
import io.pipely.Subscriber;
import io.pipely.spi.Entry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client wants to be a member, or to be served by another connection than before. */
final class Entrance extends Proposal {

  private final Channel channel;
  private final Join join;
  private final Subscriber subscriber;
  private final Answer<? super Membership> answer;
  private final boolean mayCreate;
  private final Runnable again;

  private final String key;
  private final boolean isAdmitted;
  private final byte @Nullable [] tokenHash;

  // Decided, guarded by the channel's lock:

  /** The one there was; null where there was none. */
  private @Nullable Member present;

  private @Nullable Member newcomer;

  // Carried out:

  private @Nullable Attachment attachment;
  private @Nullable Attachment replaced;
  private boolean claimed;

  /**
   * Of a client into a channel.
   *
   * @param mayCreate whether it may be the first, where the channel is yet to be created
   * @param again asks the hub once more
   */
  Entrance(
      Channel channel,
      Join join,
      Subscriber subscriber,
      Answer<? super Membership> answer,
      boolean mayCreate,
      Runnable again) {
    this.channel = channel;
    this.join = join;
    this.subscriber = subscriber;
    this.answer = answer;
    this.mayCreate = mayCreate;
    this.again = again;
    this.key = Names.fold(join.clientId());
    this.isAdmitted = channel.admits(join.credentials().password());
    this.tokenHash = channel.secrets().hashOrNull(join.credentials().token());
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    if (channel.isRetired() || (!mayCreate && channel.isUnborn())) {
      return Refusal.NO_SUCH_CHANNEL;
    }
    present = channel.member(key);
    Refusal refusal = channel.refusalToJoin(present, isAdmitted, tokenHash);
    if (refusal == null && present == null) {
      newcomer = channel.newMember(key, join.clientId(), tokenHash);
    }
    return refusal;
  }

  @Override
  List<Entry> entries() {
    return List.of(
        present == null
            ? new Entry.Joined(Objects.requireNonNull(newcomer).seat())
            : new Entry.Moved(present.seat().id(), channel.node()));
  }

  @Override
  boolean isAboutMembers() {
    return true;
  }

  @Override
  boolean isToBeLookedUp(Refusal why) {
    return true;
  }

  @Override
  void apply() {
    assert Thread.holdsLock(channel);
    if (present == null) {
      attachment = channel.admit(Objects.requireNonNull(newcomer), join, subscriber);
      claimed = channel.fanOut().claim();
    } else {
      replaced = channel.detach(present, EndReason.REPLACED);
      attachment = channel.takeOver(present, join, subscriber);
    }
  }

  @Override
  void applied() {
    if (replaced != null) {
      replaced.tellEnd();
    }
    Attachment attached = Objects.requireNonNull(attachment);
    try {
      answer.ok(attached);
    } catch (Throwable e) {
      attached.lost();
      throw e;
    } finally {
      attached.start();
      if (claimed) {
        channel.fanOut().runHereIfShort();
      }
    }
  }

  @Override
  void refused(Refusal why) {
    channel.refuse(why, join.clientId(), answer);
  }

  @Override
  void again(Refusal why) {
    again.run();
  }
}
