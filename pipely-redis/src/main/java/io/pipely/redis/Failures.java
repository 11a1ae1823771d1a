package io.pipely.redis;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What is behind the failure of something asynchronous. */
final class Failures {

  private Failures() {}

  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof CompletionException || cause instanceof ExecutionException)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
