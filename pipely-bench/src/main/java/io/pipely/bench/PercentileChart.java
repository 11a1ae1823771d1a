package io.pipely.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Draws latency by percentile as SVG. Each step along the x axis leaves out nine tenths of what is
 * left, so that the slowest of ten thousand have as much room as the median.
 */
final class PercentileChart {

  private static final int WIDTH = 800;
  private static final int HEIGHT = 450;
  private static final int LEFT = 80;
  private static final int RIGHT = 770;
  private static final int TOP = 60;
  private static final int BOTTOM = 380;

  private static final String[] PERCENTILES = {"0", "90", "99", "99.9", "99.99"};
  private static final int STEPS = PERCENTILES.length - 1;

  /** Points of the curve for each step. */
  private static final int POINTS = 100;

  private static final double NANOS_PER_MILLI = 1e6;

  private final StringBuilder svg = new StringBuilder();
  private final Histogram latencies;
  private final double tick;
  private final int ticks;

  private PercentileChart(Histogram latencies) {
    this.latencies = latencies;
    double highest = Math.max(0.001, millisAt(STEPS));
    this.tick = round(highest / 5);
    this.ticks = (int) Math.ceil(highest / tick);
  }

  /**
   * A document.
   *
   * @param title has no characters that mean something in XML
   * @param latencies in ns
   */
  static String svg(String title, Histogram latencies) {
    PercentileChart chart = new PercentileChart(latencies);
    chart.head(title);
    chart.xAxis();
    chart.yAxis();
    chart.curve();
    return chart.svg.append("</svg>\n").toString();
  }

  /** The rectangle makes it readable where the page is dark. */
  private void head(String title) {
    line(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " font-family='sans-serif' font-size='13' fill='#222222'>",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    line("<title>%s</title>", title);
    line("<rect width='%d' height='%d' fill='#ffffff'/>", WIDTH, HEIGHT);
    text((LEFT + RIGHT) / 2.0, 32, "middle", title);
  }

  private void xAxis() {
    for (int step = 0; step <= STEPS; step++) {
      grid(x(step), TOP, x(step), BOTTOM);
      text(x(step), BOTTOM + 20, "middle", PERCENTILES[step]);
    }
    text((LEFT + RIGHT) / 2.0, BOTTOM + 48, "middle", "percentile of deliveries");
  }

  private void yAxis() {
    for (int i = 0; i <= ticks; i++) {
      grid(LEFT, y(i * tick), RIGHT, y(i * tick));
      text(LEFT - 8, y(i * tick) + 4, "end", label(i * tick));
    }
    text(LEFT, TOP - 14, "middle", "latency in ms");
  }

  private void curve() {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i <= STEPS * POINTS; i++) {
      double step = (double) i / POINTS;
      points.append(String.format(Locale.ROOT, " %.1f,%.1f", x(step), y(millisAt(step))));
    }
    line(
        "<polyline fill='none' stroke='#0b62a4' stroke-width='2' points='%s'/>",
        points.substring(1));
  }

  /** At 0 steps the lowest, at 1 the 90th percentile, at 2 the 99th, and so on. */
  private double millisAt(double step) {
    double percentile = 100 * (1 - Math.pow(10, -step));
    return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  private static double x(double step) {
    return LEFT + (RIGHT - LEFT) * step / STEPS;
  }

  private double y(double millis) {
    return BOTTOM - (BOTTOM - TOP) * millis / (ticks * tick);
  }

  /** The next of 1, 2, 5, 10, 20 and so on. */
  private static double round(double number) {
    double power = Math.pow(10, Math.floor(Math.log10(number)));
    for (int factor : new int[] {1, 2, 5}) {
      if (number <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** As many digits as the tick needs. */
  private String label(double millis) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(tick)));
    return String.format(Locale.ROOT, "%." + digits + "f", millis);
  }

  private void grid(double x1, double y1, double x2, double y2) {
    line("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#dddddd'/>", x1, y1, x2, y2);
  }

  private void text(double x, double y, String anchor, String text) {
    line("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text);
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
