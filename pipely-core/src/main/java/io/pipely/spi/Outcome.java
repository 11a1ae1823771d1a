package io.pipely.spi;

/** What became of a change. */
public enum Outcome {
  /** It is in the log. */
  COMMITTED,
  /** It is not, since what it was decided on is no longer so. */
  STALE,
  /** The store was not to be had: it is not known whether it is in the log, or will be. */
  UNKNOWN
}
