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
}
