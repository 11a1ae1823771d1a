package io.pipely.bench;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts deliveries and keeps how long they took. Safe for use by several threads. */
final class Deliveries {

  /** Significant digits. */
  private static final int PRECISION = 3;

  private final Recorder latencies = new Recorder(PRECISION);
  private final LongAdder count = new LongAdder();
  private final LongAccumulator last = new LongAccumulator(Math::max, Long.MIN_VALUE);

  /**
   * Takes the latency of one; {@link #count} does not count it yet.
   *
   * @param time from when on, of {@link System#nanoTime}
   */
  void measure(long time) {
    long now = System.nanoTime();
    latencies.recordValue(now - time);
    last.accumulate(now);
  }

  void add() {
    count.increment();
  }

  long count() {
    return count.sum();
  }

  /** When the last one was, of {@link System#nanoTime}. */
  long last() {
    return last.get();
  }

  /** All latencies, in ns; to be called once, at the end. */
  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }
}
