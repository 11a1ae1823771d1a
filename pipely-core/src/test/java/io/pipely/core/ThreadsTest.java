package io.pipely.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.testing.Logs;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The timer goes on, whatever a sweep comes to. */
@Timeout(60)
class ThreadsTest {

  @ParameterizedTest
  @MethodSource("io.pipely.core.Faults#all")
  void theTimerOutlivesASweepThatFails(Throwable fault) {
    AtomicInteger sweeps = new AtomicInteger();
    Threads threads = new Threads();
    try (Logs logs = Logs.of(Threads.class)) {
      threads.every(
          1_000_000,
          () -> {
            if (sweeps.incrementAndGet() == 1) {
              Faults.raise(fault);
            }
          });
      await().until(() -> sweeps.get() > 1);
      assertEquals(List.of("ERROR a sweep failed; the next one follows"), logs.lines());
    } finally {
      threads.stop();
    }
  }
}
