package io.pipely.bench;

/** An option that is wrong; the message is one line for whoever gave it. */
final class InvalidOptionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String line;

  InvalidOptionException(String line) {
    super(line);
    this.line = line;
  }

  @Override
  public String getMessage() {
    return line;
  }
}
