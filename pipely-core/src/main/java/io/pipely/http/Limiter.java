package io.pipely.http;

import io.pipely.Caller;
import java.time.Duration;

/**
 * Bounds how much one caller may ask for, and how often it may guess a password: the affair of a
 * server, ahead of all rules. Whom it holds back is answered 429, with the time that it gives.
 * Preflights and what is no route of the protocol's are not its affair. Its methods are called on
 * any thread, and must not block.
 */
public interface Limiter {

  /** Holds nobody back. */
  Limiter NONE =
      new Limiter() {
        @Override
        public Duration request(Caller caller, boolean isSubscribe) {
          return Duration.ZERO;
        }

        @Override
        public Duration attempt(Caller caller, String channelId) {
          return Duration.ZERO;
        }

        @Override
        public void wrongPassword(Caller caller, String channelId) {}
      };

  /**
   * A request has come; it is not read yet.
   *
   * @param isSubscribe whether it is for a stream, and not one of the others
   * @return zero where it may go on, otherwise after how long the next may
   */
  Duration request(Caller caller, boolean isSubscribe);

  /**
   * A request is about to be measured against a channel's password, if there is one.
   *
   * @param channelId as the request has it, which is no valid id perhaps, and of any length
   * @return zero where it may be, otherwise after how long the next may
   */
  Duration attempt(Caller caller, String channelId);

  /** The password of a request was wrong or missing; the channel exists. */
  void wrongPassword(Caller caller, String channelId);
}
