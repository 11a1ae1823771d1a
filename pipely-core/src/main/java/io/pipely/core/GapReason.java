package io.pipely.core;

/** Why a stream cannot go on from where its client was. */
enum GapReason {
  /** The client was in another life of the channel. */
  EPOCH,
  /** Some of what it has missed is no longer kept. */
  EVICTED,
  /** It names a place where it cannot have been. */
  INVALID
}
