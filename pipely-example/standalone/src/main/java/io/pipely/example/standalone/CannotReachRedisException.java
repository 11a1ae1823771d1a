package io.pipely.example.standalone;

import org.jspecify.annotations.Nullable;

/** The Redis that nodes share does not answer. */
final class CannotReachRedisException extends CannotStartException {

  private static final long serialVersionUID = 1L;

  /**
   * For an address.
   *
   * @param address without a password
   */
  CannotReachRedisException(String address, Throwable failure) {
    super("cannot reach Redis at " + address + reason(failure.getCause()), failure);
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "" : ": " + cause.getMessage();
  }
}
