package io.pipely.http;

import io.pipely.Payload;

/** Reads payloads back. */
final class Payloads {

  private Payloads() {}

  /** The value of a payload, which has to be JSON on one line. */
  static Json json(Payload payload) {
    byte[] json = new byte[payload.length()];
    payload.copyTo(json, 0);
    for (byte b : json) {
      if (b == '\n' || b == '\r') {
        throw new AssertionError("more than one line: " + payload);
      }
    }
    try {
      return StrictJson.read(json, ExpectedEvent.MAX_DEPTH);
    } catch (StrictJson.Refused e) {
      throw new AssertionError("a payload that is not JSON: " + payload, e);
    }
  }
}
