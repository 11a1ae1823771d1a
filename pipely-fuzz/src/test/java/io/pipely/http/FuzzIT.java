package io.pipely.http;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Looks for inputs that break a promise, for as long as one likes; see CONTRIBUTING.md. */
class FuzzIT {

  /** How many seconds each target is fuzzed: a system property. 0 is until something is found. */
  private static final int SECONDS = Integer.getInteger("fuzz.time", 60);

  /** Whether what reaches code that nothing has reached before is put into the corpus. */
  private static final boolean IS_KEPT = Boolean.getBoolean("fuzz.keep");

  @Test
  void noBodyIsMisread() throws Exception {
    fuzz(FuzzTarget.PUBLISH);
  }

  @Test
  void noQueryIsMisread() throws Exception {
    fuzz(FuzzTarget.QUERY);
  }

  @Test
  void noStreamIsMisread() throws Exception {
    fuzz(FuzzTarget.SSE);
  }

  private static void fuzz(FuzzTarget target) throws Exception {
    Path seen = Files.createDirectories(target.output().resolve("seen"));
    new Jazzer(target, "fuzz.log")
        .option("-max_total_time=" + SECONDS)
        .option("-timeout=60") // One input takes a thousandth of a second.
        .option("-print_final_stats=1")
        .run(seen, target.corpus());
    if (IS_KEPT) {
      new Jazzer(target, "keep.log")
          .option("-merge=1")
          .option("-set_cover_merge=1") // As few as possible.
          .option("-use_counters=0") // How often code was run makes no difference.
          .run(target.corpus(), seen);
    }
  }
}
