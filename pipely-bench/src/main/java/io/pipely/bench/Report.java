package io.pipely.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a run found.
 *
 * @param joined streams
 * @param joining how long all streams together took to join
 * @param sent publications
 * @param accepted publications that were answered with success
 * @param expected deliveries of all that was sent
 * @param delivered deliveries
 * @param publishing from the first publication to the last delivery
 * @param cpu of the server, in that time; zero where it is not known
 * @param latencies in ns
 * @param troubles what went wrong, and how often
 */
record Report(
    LoadOptions options,
    int joined,
    Duration joining,
    long sent,
    long accepted,
    long expected,
    long delivered,
    Duration publishing,
    Duration cpu,
    Histogram latencies,
    Map<String, Long> troubles) {

  private static final double NANOS_PER_MILLI = 1e6;

  Report {
    troubles = Map.copyOf(troubles);
  }

  /** Whether everything was delivered once and nothing went wrong. */
  boolean isComplete() {
    return joined == options.streams() && delivered == expected && troubles.isEmpty();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%s", options.title());
    line(
        text,
        "joined      %d of %d streams in %d ms",
        joined,
        options.streams(),
        joining.toMillis());
    line(text, "published   %d of %d events", accepted, sent);
    line(text, "delivered   %d of %d", delivered, expected);
    if (delivered > 0) {
      line(text, "throughput  %.0f deliveries/s", perSecond());
      line(
          text,
          "latency     p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms",
          percentile(50),
          percentile(90),
          percentile(99),
          percentile(99.9),
          percentile(100));
    }
    if (delivered > 0 && !cpu.isZero()) {
      line(text, "server CPU  %.2f us a delivery", cpu.toNanos() / 1e3 / delivered);
    }
    new TreeMap<>(troubles)
        .forEach((what, count) -> line(text, "trouble     %d x %s", count, what));
    return text.toString();
  }

  private double perSecond() {
    return delivered * 1e9 / Math.max(1, publishing.toNanos());
  }

  /** In ms. */
  private double percentile(double percentile) {
    return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
