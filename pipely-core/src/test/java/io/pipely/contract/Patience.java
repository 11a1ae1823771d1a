package io.pipely.contract;

import java.time.Duration;

/** How long a test waits for what has to happen. Only a test that fails ever waits so long. */
public final class Patience {

  /** For one answer or one event. */
  public static final Duration ONE = Duration.ofSeconds(10);

  /** For thousands of them on a machine that is busy with other things too. */
  public static final Duration MANY = Duration.ofSeconds(60);

  private Patience() {}
}
