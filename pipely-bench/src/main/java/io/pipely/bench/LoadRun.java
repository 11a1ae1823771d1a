package io.pipely.bench;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** One run: open the streams, publish, wait for what is on its way, report. Used once. */
final class LoadRun {

  /** The slot of the events that are not measured. */
  private static final int SETTLING = -1;

  private final LoadOptions options;
  private final Channels channels;
  private final Troubles troubles = new Troubles();
  private final Deliveries deliveries = new Deliveries();
  private final LongAdder settled = new LongAdder();
  private final Clients clients;
  private final Streams streams;
  private final Publisher publisher;
  private final Pacer pacer;

  private LoadRun(LoadOptions options, Clients clients) {
    this.options = options;
    this.clients = clients;
    this.channels = Channels.random(options.channels(), options.streams(), new SecureRandom());
    this.streams = new Streams(clients.streams(), options, channels, this::delivered, troubles);
    this.publisher = publisher();
    this.pacer = Pacer.of(options.pace(), publisher, channels);
  }

  static Report run(LoadOptions options) throws InterruptedException {
    try (Clients clients = Clients.start(options.streams(), options.publishers())) {
      return new LoadRun(options, clients).run();
    }
  }

  private Report run() throws InterruptedException {
    long start = System.nanoTime();
    streams.open();
    Duration joining = Duration.ofNanos(System.nanoTime() - start);
    Duration publishing = Duration.ZERO;
    Duration cpu = Duration.ZERO;
    if (streams.joined() == options.streams() && settle()) {
      Duration cpuBefore = serverCpu();
      start = System.nanoTime();
      pacer.run(options.time());
      drain();
      cpu = serverCpu().minus(cpuBefore);
      publishing = Duration.ofNanos(Math.max(0, deliveries.last() - start));
    }
    streams.closing();
    Histogram latencies = deliveries.latencies();
    return new Report(
        options,
        streams.joined(),
        joining,
        publisher.sent(),
        publisher.accepted(),
        publisher.expected(),
        deliveries.count(),
        publishing,
        cpu,
        latencies,
        troubles.counts());
  }

  /** User and system time of all threads; zero where it is not asked for, or not known. */
  private Duration serverCpu() {
    return options
        .process()
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /**
   * Waits until all streams have been told of all that have joined, which is a flood of its own: by
   * one event in each channel, since a channel's events arrive in their order.
   */
  private boolean settle() throws InterruptedException {
    Publisher unmeasured = publisher();
    for (int channel = 0; channel < channels.count(); channel++) {
      unmeasured.publish(channel, System.nanoTime(), SETTLING);
    }
    // Where one is refused, or all streams have been closed, there is nothing to wait for.
    Progress.await(
        () ->
            settled.sum() == options.streams()
                || unmeasured.answered() > unmeasured.accepted()
                || !streams.isAnyOpen(),
        settled::sum);
    boolean isSettled = settled.sum() == options.streams();
    if (!isSettled) {
      troubles.count("the first event did not reach all streams");
    }
    return isSettled;
  }

  private void drain() throws InterruptedException {
    boolean isDone =
        Progress.await(
            () ->
                publisher.answered() == publisher.sent()
                    && (deliveries.count() >= publisher.expected() || !streams.isAnyOpen()),
            () -> publisher.answered() + deliveries.count());
    if (!isDone) {
      troubles.count("nothing more came, with deliveries missing");
    }
  }

  private void delivered(long time, int slot) {
    if (slot == SETTLING) {
      settled.increment();
      return;
    }
    deliveries.measure(time);
    pacer.delivered(slot);
    // Last: as long as it is not counted, the run does not take itself to be through, and what the
    // pacer publishes on account of it is expected by then.
    deliveries.add();
  }

  private Publisher publisher() {
    return new Publisher(clients.publishing(), options, channels, troubles);
  }
}
