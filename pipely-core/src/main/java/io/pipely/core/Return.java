package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import io.pipely.spi.Seat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of this node whose stream is open was taken for gone by the others, since they could not
 * see this node for a while: it is to be a member again. Where somebody else has its id by now, its
 * stream is closed; where the ledger is away, it is tried again.
 */
final class Return extends Proposal {

  private final Channel channel;
  private final Member member;
  private final Seat seat;

  // Guarded by the channel's lock:

  private boolean isToBeTriedAgain;
  private boolean claimed;

  Return(Channel channel, Member member, Seat seat) {
    this.channel = channel;
    this.member = member;
    this.seat = seat;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    if (channel.isRetired() || member.attachment() == null || isBack()) {
      return Refusal.NO_SUCH_CLIENT;
    }
    channel.accord().returns().put(seat.id(), this);
    return channel.member(member.key()) == null ? null : Refusal.CLIENT_ID_TAKEN;
  }

  @Override
  List<Entry> entries() {
    return List.of(new Entry.Joined(seat));
  }

  @Override
  boolean isAboutMembers() {
    return true;
  }

  @Override
  boolean isToBeLookedUp(Refusal why) {
    return why == Refusal.CLIENT_ID_TAKEN;
  }

  @Override
  void apply() {
    assert Thread.holdsLock(channel);
    channel.seat(comeBack());
    claimed = channel.fanOut().claim();
  }

  /** The member with its new seat, which it may have got by what was taken for lost. */
  Member comeBack() {
    assert Thread.holdsLock(channel);
    channel.accord().returns().remove(seat.id());
    isToBeTriedAgain = false;
    member.sit(seat);
    return member;
  }

  private boolean isBack() {
    return channel.member(member.key()) == member;
  }

  /** Whether it is not known what became of it, which this call takes note of. */
  boolean isToBeTriedAgain() {
    assert Thread.holdsLock(channel);
    boolean isDue = isToBeTriedAgain;
    isToBeTriedAgain = false;
    return isDue;
  }

  @Override
  void applied() {
    if (claimed) {
      channel.fanOut().runHereIfShort();
    }
  }

  @Override
  void refused(Refusal why) {
    Attachment attachment;
    synchronized (channel) {
      attachment = member.attachment();
      isToBeTriedAgain = attachment != null && !isBack() && why == Refusal.STORE_UNAVAILABLE;
      if (isToBeTriedAgain || isBack()) {
        return;
      }
      channel.accord().returns().remove(seat.id());
    }
    if (attachment != null) {
      channel.end(attachment, EndReason.LOST);
    }
  }
}
