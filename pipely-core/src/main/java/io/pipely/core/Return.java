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

  private boolean hasFailed;
  private boolean claimed;

  Return(Channel channel, Member member, Seat seat) {
    this.channel = channel;
    this.member = member;
    this.seat = seat;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    if (channel.isRetired() || member.attachment() == null || channel.isMember(member)) {
      return Refusal.NO_SUCH_CLIENT;
    }
    channel.accord().awaits(seat, this);
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
    channel.accord().awaitsNoMore(seat);
    hasFailed = false;
    member.sit(seat);
    return member;
  }

  /** Whether it is not known what became of it; then it is no more taken for failed. */
  boolean takeFailure() {
    assert Thread.holdsLock(channel);
    boolean failed = hasFailed;
    hasFailed = false;
    return failed;
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
      boolean isBack = channel.isMember(member);
      hasFailed = attachment != null && !isBack && why == Refusal.STORE_UNAVAILABLE;
      if (hasFailed || isBack) {
        return;
      }
      channel.accord().awaitsNoMore(seat);
    }
    if (attachment != null) {
      channel.end(attachment, EndReason.LOST);
    }
  }
}
