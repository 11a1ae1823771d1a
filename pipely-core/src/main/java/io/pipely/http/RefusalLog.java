package io.pipely.http;

import io.pipely.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what is refused, so that an operator sees it without anybody being able to fill a disk: for
 * each {@link Refusal} one line a minute at most, with how many there were since the last one. A
 * line has the path but not the query, the headers or the body: those have secrets. Safe for use by
 * several threads.
 */
final class RefusalLog {

  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_SHOWN = 100;

  private final LongSupplier ticker;

  /** Complete from the beginning, and not changed. */
  private final Map<Refusal, Tally> tallies = new EnumMap<>(Refusal.class);

  private static final class Tally {

    /** Since the last line. */
    private final AtomicLong count = new AtomicLong();

    private final AtomicLong loggedAt;

    Tally(long loggedAt) {
      this.loggedAt = new AtomicLong(loggedAt);
    }
  }

  /** With a time in nanoseconds that only grows. */
  RefusalLog(LongSupplier ticker) {
    this.ticker = ticker;
    long longAgo = ticker.getAsLong() - PERIOD_NANOS;
    for (Refusal why : Refusal.values()) {
      tallies.put(why, new Tally(longAgo));
    }
  }

  void refused(Refusal why, Request request) {
    Tally tally = Objects.requireNonNull(tallies.get(why));
    tally.count.incrementAndGet();
    long now = ticker.getAsLong();
    long last = tally.loggedAt.get();
    if (now - last < PERIOD_NANOS || !tally.loggedAt.compareAndSet(last, now)) {
      return;
    }
    LOG.info(
        "refused: {} {}, {} since the last such line; now {} {} from {}",
        why.status(),
        why.word(),
        tally.count.getAndSet(0),
        shown(request.method()),
        shown(beforeQuery(request.path())),
        shown(String.valueOf(request.caller().address())));
  }

  /**
   * What was meant for the query is in the path, secrets and all, where it was escaped by mistake,
   * once or twice, or the question mark was left out.
   */
  private static String beforeQuery(String path) {
    return path.split("[?;&=%]", 2)[0];
  }

  /** A client's text, short, and with nothing in it that a terminal or a log would obey. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_SHOWN)
        .forEach(
            c -> {
              if (isPrintable(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append(String.format("\\u{%x}", c));
              }
            });
    return text.codePointCount(0, text.length()) > MAX_SHOWN ? shown + "..." : shown.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> codePoint != '\\'; // Or one could be taken for an escape.
    };
  }
}
