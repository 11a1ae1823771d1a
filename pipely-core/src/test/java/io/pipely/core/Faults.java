package io.pipely.core;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** All that may come out of an application's code. */
final class Faults {

  private Faults() {}

  static Stream<Throwable> all() {
    return Stream.of(
        new IllegalStateException("a test's"),
        new RejectedExecutionException("a test's"),
        new IOException("a test's, which no compiler has checked"),
        new StackOverflowError("a test's"),
        new OutOfMemoryError("a test's"),
        new AssertionError("a test's"),
        new NoClassDefFoundError("a test's"),
        new Unspeakable());
  }

  /** Throws it, as languages do that know no checked exceptions. */
  static void raise(Throwable fault) {
    Faults.<RuntimeException>raiseAs(fault);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raiseAs(Throwable fault) throws T {
    throw (T) fault;
  }

  /** One that cannot be written to a log. */
  private static final class Unspeakable extends RuntimeException {

    @Override
    public String getMessage() {
      throw new IllegalStateException("a test's message that cannot be made");
    }

    @Override
    public String toString() {
      return "Unspeakable";
    }
  }
}
