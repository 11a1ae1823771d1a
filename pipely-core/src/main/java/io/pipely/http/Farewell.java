package io.pipely.http;

import io.pipely.Membership;
import org.jspecify.annotations.Nullable;

/**
 * Tells that a client has gone, unless the stream has ended before. After either it refers to
 * nothing: servers keep what belongs to a connection longer than the connection, as a Jetty
 * selector does with the last that it has seen to, and are not to keep a channel with its events by
 * that.
 */
final class Farewell implements Runnable {

  private volatile @Nullable Membership membership;

  Farewell(Membership membership) {
    this.membership = membership;
  }

  @Override
  public void run() {
    Membership lost = membership;
    membership = null;
    if (lost != null) {
      lost.lost();
    }
  }

  /** The stream has ended. */
  void forget() {
    membership = null;
  }
}
