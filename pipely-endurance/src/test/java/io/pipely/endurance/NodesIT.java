package io.pipely.endurance;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes on one Redis, all of which fail in turn; more of it, and by a seed, with {@link
 * NodesMain}.
 */
@Tag("long")
class NodesIT {

  @Test
  void everyEventIsAtEveryMemberOnceAndInOneOrderOrIsAGapWhateverFails() throws Exception {
    new NodesRun(System.nanoTime(), 50, 10_000, 250).run();
  }
}
