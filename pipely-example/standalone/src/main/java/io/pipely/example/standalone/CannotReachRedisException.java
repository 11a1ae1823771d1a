package io.pipely.example.standalone;

/** The Redis that nodes share does not answer; the message is one line for whoever chose it. */
final class CannotReachRedisException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String line;

  /**
   * For an address.
   *
   * @param address without a password
   */
  CannotReachRedisException(String address, Throwable failure) {
    super(failure);
    Throwable cause = failure.getCause();
    line = "cannot reach Redis at " + address + (cause == null ? "" : ": " + cause.getMessage());
  }

  @Override
  public String getMessage() {
    return line;
  }
}
