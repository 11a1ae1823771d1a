package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PercentileChartTest {

  private static final Pattern Y = Pattern.compile("[ ']\\d+\\.\\d,(\\d+\\.\\d)");

  private static String svg(long... nanos) {
    Histogram histogram = new Histogram(3);
    for (long value : nanos) {
      histogram.recordValue(value);
    }
    return PercentileChart.svg("a title", histogram);
  }

  @Test
  void theCurveRisesAndStaysWithinTheAxes() {
    Matcher matcher = Y.matcher(svg(1_000_000, 2_000_000, 40_000_000, 7_300_000_000L));
    double before = 380;
    int points = 0;
    while (matcher.find()) {
      double y = Double.parseDouble(matcher.group(1));
      assertTrue(y <= before && y >= 60, matcher.group());
      before = y;
      points++;
    }
    assertEquals(401, points);
  }

  @Test
  void theTicksAreRoundAndReachAboveTheHighest() {
    String svg = svg(7_300_000_000L);
    for (int millis = 0; millis <= 8000; millis += 2000) {
      assertTrue(svg.contains(">" + millis + "</text>"), svg);
    }
    assertTrue(svg(430_000).contains(">0.5</text>"));
  }

  @Test
  void nothingMeasuredIsAFlatLine() {
    assertTrue(svg().contains("80.0,380.0 "));
  }
}
