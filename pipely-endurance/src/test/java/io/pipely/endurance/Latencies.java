package io.pipely.endurance;

import java.util.List;
import java.util.Locale;

/** How long deliveries took. Immutable. */
final class Latencies {

  private final long[] sorted;

  private Latencies(long[] sorted) {
    this.sorted = sorted;
  }

  /** Of all timed events of some readers. */
  static Latencies of(List<Reader> readers) {
    return new Latencies(readers.stream().flatMapToLong(Reader::latencies).sorted().toArray());
  }

  /** In ms. */
  double percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(rank, 1) - 1] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d deliveries, in ms: median %.2f, p99 %.2f, max %.2f",
        sorted.length,
        percentile(50),
        percentile(99),
        percentile(100));
  }
}
