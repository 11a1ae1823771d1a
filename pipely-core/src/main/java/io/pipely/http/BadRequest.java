package io.pipely.http;

import io.pipely.Refusal;

/** A request that cannot be read; says what is wrong and where. */
final class BadRequest extends Exception {

  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  /** Without a stack trace: clients make these, as fast as they can. */
  BadRequest(Refusal refusal, String message) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
