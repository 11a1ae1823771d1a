package io.pipely.spi;

import java.util.concurrent.ThreadLocalRandom;

/** Words for the lives of channels. */
public final class Epochs {

  /** Of seven letters and digits: so many that a client will not meet two that are alike. */
  private static final long COUNT = 36L * 36 * 36 * 36 * 36 * 36 * 36;

  private Epochs() {}

  /** A new one; short, since it is a part of every frame. */
  public static String next() {
    return Long.toString(ThreadLocalRandom.current().nextLong(COUNT / 36, COUNT), 36);
  }
}
