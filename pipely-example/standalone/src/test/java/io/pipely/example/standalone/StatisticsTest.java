package io.pipely.example.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.pipely.Answer;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Pipely;
import io.pipely.Subscriber;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StatisticsTest {

  private static final Duration PERIOD = Duration.ofMillis(20);

  private final Logger logger = (Logger) LoggerFactory.getLogger(Statistics.class);
  private final Lines lines = new Lines();
  private final Pipely pipely = Pipely.create();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void close() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
    pipely.close();
  }

  @Test
  void logsHowManyChannelsAndClientsThereAre() {
    join("channel-0001", "ann");
    join("channel-0001", "bob");
    Membership last = join("channel-0002", "ann");
    try (Statistics statistics = Statistics.start(pipely, PERIOD)) {
      awaitLine("open channels: 2, connected clients: 3");
      last.leave();
      awaitLine("open channels: 1, connected clients: 2");
    }
  }

  @Test
  void logsOneLineInEachPeriodAndNoneAfterItsEnd() {
    Statistics statistics = Statistics.start(pipely, PERIOD);
    await().until(() -> lines.all.size() >= 3);
    statistics.close();
    await().during(PERIOD.multipliedBy(5)).until(new Unchanged(lines.all)::isUnchanged);
    assertEquals(1, lines.all.stream().distinct().count(), lines.all::toString);
  }

  private void awaitLine(String line) {
    await().until(() -> lines.all.contains(line));
  }

  private Membership join(String channelId, String clientId) {
    CompletableFuture<Membership> membership =
        Answer.future(
            answer ->
                pipely.join(
                    Join.of(channelId, clientId),
                    Subscriber.on(Runnable::run, event -> {}),
                    answer));
    return membership.join();
  }

  /** Whether a queue has kept its size since it was last asked. */
  private static final class Unchanged {
    private final Queue<String> queue;
    private int size;

    Unchanged(Queue<String> queue) {
      this.queue = queue;
    }

    boolean isUnchanged() {
      int before = size;
      size = queue.size();
      return size == before;
    }
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final Queue<String> all = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      assertEquals(Level.INFO, event.getLevel());
      all.add(event.getFormattedMessage());
    }
  }
}
