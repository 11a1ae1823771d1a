package io.pipely.core;

import java.util.function.Consumer;

/** Failures of an application's code, on their way into the log. */
final class Failures {

  private Failures() {}

  /**
   * Writes one to the log. An exception may fail at saying what it is; then it is named alone,
   * since who has caught it has more to do than to write.
   */
  static void log(Throwable failure, Consumer<Throwable> writer) {
    try {
      writer.accept(failure);
    } catch (Throwable unwritable) {
      writer.accept(new Unwritable(failure.getClass().getName()));
    }
  }

  /** Stands for one that cannot be written. */
  private static final class Unwritable extends RuntimeException {

    Unwritable(String name) {
      super(name + ", which fails at saying what it is", null, false, false);
    }
  }
}
