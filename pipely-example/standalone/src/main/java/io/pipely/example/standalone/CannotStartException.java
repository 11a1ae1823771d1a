package io.pipely.example.standalone;

/** What the server needs is not to be had; the message is one line for whoever starts it. */
abstract class CannotStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String line;

  CannotStartException(String line, Throwable failure) {
    super(failure);
    this.line = line;
  }

  @Override
  public String getMessage() {
    return line;
  }
}
