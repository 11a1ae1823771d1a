package io.pipely.core;

import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client, or the time, asks of a channel. It is decided by what the channel is,
 * and then carried out: at once on a single node, and where several share the channel, once the
 * ledger has accepted it, with the members being those it was decided by. Where they are others by
 * then, it is decided again.
 */
abstract class Proposal {

  /** What forbids it, null where nothing does; called with the channel's lock held. */
  abstract @Nullable Refusal decide();

  /**
   * What it comes to, as the nodes tell each other: as many entries as it appends to the log. With
   * the channel's lock held, after it was decided.
   */
  abstract List<Entry> entries();

  /** Whether it changes who is a member. */
  abstract boolean isAboutMembers();

  /**
   * Whether what forbids it may be so no more, or is not known here yet, so that it has to be
   * looked up before anybody is refused.
   */
  abstract boolean isToBeLookedUp(Refusal why);

  /** Carries out what was decided; with the channel's lock held. */
  abstract void apply();

  /** What follows when it was carried out; with no lock held, on the thread that did it. */
  abstract void applied();

  /** It is not carried out, and changes nothing; with no lock held. */
  abstract void refused(Refusal why);

  /**
   * It was refused by a channel that is not the one that there is, or not any more: asks the hub
   * once more, unless it is about nothing but that channel. With no lock held.
   */
  void again(Refusal why) {
    refused(why);
  }
}
