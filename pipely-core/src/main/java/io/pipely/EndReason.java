package io.pipely;

/** Why a membership ended, or the connection that it had. */
public enum EndReason {
  /** The member left: {@link Membership#leave}, or {@link Pipely#leave}. */
  LEFT,
  /** A delivery failed: the connection is gone, or the subscriber threw. */
  LOST,
  /** The subscriber has not completed a batch, nor said that it moves, for too long. */
  STALLED,
  /** The same member has come by another connection, which is served instead. */
  REPLACED,
  /** The whole of Pipely was closed. */
  CLOSED
}
