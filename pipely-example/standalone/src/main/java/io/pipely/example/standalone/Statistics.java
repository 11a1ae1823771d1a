package io.pipely.example.standalone;

import io.pipely.Pipely;
import io.pipely.Stats;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs from time to time how much is going on. */
final class Statistics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Statistics.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "statistics"));

  private Statistics() {}

  /** Logs once every period, for the first time when one has passed. */
  static Statistics start(Pipely pipely, Duration period) {
    Statistics statistics = new Statistics();
    long nanos = period.toNanos();
    var unused =
        statistics.timer.scheduleAtFixedRate(
            () -> log(pipely.stats()), nanos, nanos, TimeUnit.NANOSECONDS);
    return statistics;
  }

  private static void log(Stats stats) {
    LOG.info("open channels: {}, connected clients: {}", stats.channels(), stats.clients());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
