package io.pipely.redis;

import io.pipely.spi.Nodes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in Redis once a second, by which other nodes see that this one lives; sees whether they
 * do, and tells of those that do not.
 */
final class Pulse {

  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  /** After how many counts what dead nodes have left is looked at again. */
  private static final int CLEAR_EVERY = 5;

  private final Register register;
  private final SharedKey key;
  private final Nodes nodes;
  private final Runnable forgotten;
  private final LongSupplier ticker;
  private final Mailbox mailbox = new Mailbox();

  private volatile boolean isStopped;

  // All of what follows is of the mailbox.
  private final Census census;
  private final Set<String> beingTold = new HashSet<>();
  private boolean isCounting;
  private boolean hasCounted;
  private long next;
  private int beats;

  /**
   * @param forgotten is called where Redis does not know this node any more
   */
  Pulse(
      String node,
      Register register,
      SharedKey key,
      Nodes nodes,
      Runnable forgotten,
      LongSupplier ticker) {
    this.register = register;
    this.key = key;
    this.nodes = nodes;
    this.forgotten = forgotten;
    this.ticker = ticker;
    census = new Census(node);
    next = ticker.getAsLong();
  }

  /**
   * To be called several times a second.
   *
   * @param isAvailable whether Redis knows this node, as long as it has not been emptied since
   */
  void tick(boolean isAvailable) {
    mailbox.run(
        () -> {
          long now = ticker.getAsLong();
          if (!isAvailable) {
            census.interrupt();
            return;
          }
          if (isCounting || isStopped || now - next < 0) {
            return;
          }
          next = now + EVERY;
          isCounting = true;
          CompletableFuture<Long> own = register.count();
          CompletableFuture<Map<String, String>> all = register.counts();
          whenDone(
              own.thenCombine(all, Counts::new).thenCombine(key.agree(), (counts, done) -> counts),
              this::counted);
        });
  }

  private record Counts(long own, Map<String, String> all) {}

  private void counted(@Nullable Counts counts, @Nullable Throwable failure) {
    isCounting = false;
    if (counts == null) {
      census.interrupt();
      return;
    }
    if (counts.own() == 1 && hasCounted) {
      forgotten.run();
    }
    hasCounted = true;
    register.noteTheRest();
    List<String> allDead = census.take(counts.all(), ticker.getAsLong());
    census.living().forEach(this::lives);
    for (String dead : allDead) {
      if (beingTold.add(dead)) {
        whenDone(register.channelsOf(dead), (channels, failed) -> tell(dead, channels));
      }
    }
    beats++;
    if (beats % CLEAR_EVERY == 0) {
      census.gone().forEach(this::clear);
    }
  }

  /**
   * Sees again to a node that is gone: something that it has done before may have been heard of
   * after that, and be taken for a sign of life; and a channel that nobody else follows may not
   * have been there to be seen to.
   */
  private void clear(String gone, String count) {
    died(gone, Set.of());
    if (census.isCaretaker()) {
      whenDone(
          register.channelsOf(gone),
          (channels, failed) -> {
            if (channels != null && !isStopped) {
              died(gone, channels);
              var unused = register.forget(gone, count, channels);
            }
          });
    }
  }

  private void tell(String dead, @Nullable Set<String> channels) {
    beingTold.remove(dead);
    if (channels == null || isStopped) {
      return;
    }
    census.told(dead);
    log.info("node {} is gone", dead);
    died(dead, channels);
  }

  private void died(String dead, Set<String> channels) {
    try {
      nodes.died(dead, channels);
    } catch (RuntimeException e) {
      log.error("could not tell that a node is gone", e);
    }
  }

  private void lives(String node) {
    try {
      nodes.lives(node);
    } catch (RuntimeException e) {
      log.error("could not tell that a node lives", e);
    }
  }

  private interface Step<T> {
    void take(@Nullable T result, @Nullable Throwable failure);
  }

  private <T> void whenDone(CompletionStage<T> stage, Step<T> step) {
    stage.whenComplete((result, failure) -> mailbox.run(() -> step.take(result, failure)));
  }

  /** All begins anew: if Redis has forgotten this node before, that need not be told any more. */
  void begunAnew() {
    mailbox.run(
        () -> {
          hasCounted = false;
          next = ticker.getAsLong(); // Until it has counted, it would not notice being forgotten.
        });
  }

  /** Says no more, and counts no more. */
  void stop() {
    isStopped = true;
  }
}
