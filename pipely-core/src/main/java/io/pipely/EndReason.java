package io.pipely;

/** Why a membership ended. */
public enum EndReason {
  /** {@link Membership#leave} was called. */
  LEFT,
  /** A delivery failed: the connection is gone, or the subscriber threw. */
  LOST,
  /** The whole of Pipely was closed. */
  CLOSED
}
