package io.pipely;

/** One client's place in one channel. Safe for use by several threads. */
public interface Membership {

  String channelId();

  /** The client's id in its own spelling. */
  String clientId();

  /**
   * Leaves: the others are told with a {@code DISCONNECT}, the subscriber with {@link
   * Subscriber#ended}. The last member to leave ends the channel. Does nothing where the membership
   * has ended already, whoever uses the id now, or has lost its connection or handed it over to
   * another: see {@link Pipely#leave}.
   */
  void leave();

  /**
   * Says that the subscriber cannot be reached any more, for transports that learn of it otherwise
   * than by a failed delivery: it ends with {@link EndReason#LOST}.
   */
  void lost();
}
