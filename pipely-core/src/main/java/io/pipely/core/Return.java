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
 * stream is closed.
 */
final class Return extends Proposal {

  private final Channel channel;
  private final Member member;
  private final Seat seat;
  private boolean claimed;

  Return(Channel channel, Member member, Seat seat) {
    this.channel = channel;
    this.member = member;
    this.seat = seat;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    if (channel.isRetired() || member.attachment() == null) {
      return Refusal.NO_SUCH_CLIENT;
    }
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
    member.sit(seat);
    channel.seat(member);
    claimed = channel.fanOut().claim();
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
    }
    if (attachment != null) {
      channel.end(attachment, EndReason.LOST);
    }
  }
}
