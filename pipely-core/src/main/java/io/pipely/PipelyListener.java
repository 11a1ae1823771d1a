package io.pipely;

/**
 * Is told what happens. All that concerns one channel is told in the order in which it happened; a
 * little later than it happened, one call at a time, on a thread of this listener's own and with no
 * lock held. So one that blocks or throws holds up nobody but itself. What it has not yet been told
 * is kept for it up to 16 MiB; beyond that it is told how much it {@link #missed}.
 */
public interface PipelyListener {

  /** A channel has its first member, whose {@link #joined} follows. */
  default void channelCreated(String channelId) {}

  /** A channel has lost its last member, whose {@link #left} came before. */
  default void channelDestroyed(String channelId) {}

  default void joined(String channelId, String clientId) {}

  /**
   * A member has left for good.
   *
   * @param why {@link EndReason#LOST} also where its time to come back has run out
   */
  default void left(String channelId, String clientId, EndReason why) {}

  /** A member's connection is gone; it may come back, and is a member until its time runs out. */
  default void lost(String channelId, String clientId) {}

  /** A member has come back with its token: in place of a connection, or after having been lost. */
  default void takenOver(String channelId, String clientId) {}

  /**
   * An event was published.
   *
   * @param recipients how many members it is for
   */
  default void published(Event event, int recipients) {}

  /**
   * A request was refused by the rules. What cannot be read as a request is not told of: the server
   * knows.
   *
   * @param channelId as the request has it, which is no valid id perhaps; shortened where it is
   *     longer than an id may be
   * @param clientId who wanted to join, publish or leave; empty where somebody only looked
   */
  default void refused(String channelId, String clientId, Refusal why) {}

  /** A member's connection was closed since nothing it was sent has moved for too long. */
  default void slowMemberClosed(String channelId, String clientId) {}

  /** This listener was too slow to be told everything: so much is left out at this place. */
  default void missed(long count) {}
}
