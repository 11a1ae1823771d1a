package io.pipely.endurance;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes on one Redis, all of which fail in turn; of another size, and by a seed, with {@link
 * NodesMain}.
 */
@Tag("long")
class NodesIT {

  @Test
  void everyEventIsAtEveryMemberOnceAndInOneOrderOrIsAGapWhateverFails() throws Exception {
    new NodesRun(System.nanoTime(), 200, 20_000, 250).run();
  }
}
