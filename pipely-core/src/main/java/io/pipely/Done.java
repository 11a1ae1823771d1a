package io.pipely;

import org.jspecify.annotations.Nullable;

/** The end of one delivery. */
public interface Done {

  /**
   * To be called exactly once for each delivery, on any thread, also from within the call that
   * asked for it.
   *
   * @param failure why nothing more can be delivered (the member is removed), or null
   */
  void complete(@Nullable Throwable failure);

  /**
   * Says that a part of the batch has gone, so that it does not count as stuck: see {@link
   * Subscriber#hasDeadline}. On any thread, as often as it is true, until it is complete.
   */
  default void moved() {}
}
