package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those members are to leave that nothing serves and nobody waits for: as many at once as there
 * are, so that the end of a node that had many is not as many changes, one after the other.
 */
final class GivingUp extends Proposal {

  /** What a store may well be asked to enter at once. */
  private static final int MAX_LEAVERS = 500;

  private final Channel channel;

  // Guarded by the channel's lock:

  private Map<Member, EndReason> leavers = Map.of();
  private final List<Runnable> rest = new ArrayList<>();

  GivingUp(Channel channel) {
    this.channel = channel;
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    channel.accord().keepThoseOfOtherNodes();
    leavers = channel.accord().givenUp(MAX_LEAVERS);
    return leavers.isEmpty() ? Refusal.NO_SUCH_CLIENT : null;
  }

  @Override
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    leavers.forEach((member, why) -> entries.add(left(member, why)));
    return entries;
  }

  private static Entry left(Member member, EndReason why) {
    return new Entry.Left(member.seat().id(), member.clientId(), why);
  }

  @Override
  boolean isAboutMembers() {
    return true;
  }

  @Override
  boolean isToBeLookedUp(Refusal why) {
    return false;
  }

  @Override
  void apply() {
    assert Thread.holdsLock(channel);
    leavers.forEach((member, why) -> rest.add(channel.remove(member, why)));
  }

  @Override
  void applied() {
    try {
      rest.forEach(Runnable::run);
    } finally {
      isOver();
      channel.proposeGivingUp(); // Those who were given up meanwhile.
    }
  }

  /** They are tried again when the members are tended; who was given up meanwhile, at once. */
  @Override
  void refused(Refusal why) {
    isOver();
    if (why == Refusal.NO_SUCH_CLIENT) {
      channel.proposeGivingUp();
    }
  }

  private void isOver() {
    synchronized (channel) {
      channel.accord().givingUpIsOver();
    }
  }
}
