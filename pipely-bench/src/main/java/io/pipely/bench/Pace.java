package io.pipely.bench;

import java.util.Locale;

/** How fast events follow each other. */
sealed interface Pace {

  /** As it is called in a title. */
  String text();

  /**
   * At fixed times, whether the server keeps up or not.
   *
   * @param events a second, over all channels
   */
  record Rate(int events) implements Pace {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "%d events/s", events);
    }
  }

  /**
   * As fast as the server goes.
   *
   * @param events how many of them are on their way, that is, published and not yet delivered to
   *     all members
   */
  record Window(int events) implements Pace {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "%d events outstanding", events);
    }
  }
}
