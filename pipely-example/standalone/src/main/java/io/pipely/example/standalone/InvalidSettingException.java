package io.pipely.example.standalone;

/** A setting that is wrong; the message is one line for whoever set it. */
final class InvalidSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String line;

  InvalidSettingException(String line) {
    super(line);
    this.line = line;
  }

  @Override
  public String getMessage() {
    return line;
  }
}
