package io.pipely.redis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so much be under way at once, and has the rest wait: when the links are new all channels are
 * to be read, and of thousands sent at once the last would be given up before their turn.
 */
final class Throttle {

  private final int limit;

  // Guarded by this.
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Whether a thread is beginning what waits: of what ends at once the next is not begun inside.
   */
  private boolean isBeginning;

  Throttle(int limit) {
    this.limit = limit;
  }

  <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable begin =
        () -> {
          begin(work)
              .whenComplete(
                  (value, failure) -> {
                    ended();
                    if (failure != null) {
                      result.completeExceptionally(failure);
                    } else {
                      result.complete(value);
                    }
                  });
        };
    synchronized (this) {
      waiting.add(begin);
    }
    beginAll();
    return result;
  }

  /** What cannot even be begun has failed like any other. */
  private static <T> CompletionStage<T> begin(Supplier<CompletableFuture<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void ended() {
    synchronized (this) {
      running--;
    }
    beginAll();
  }

  private void beginAll() {
    synchronized (this) {
      if (isBeginning) {
        return;
      }
      isBeginning = true;
    }
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = running < limit ? waiting.poll() : null;
    if (next == null) {
      isBeginning = false;
    } else {
      running++;
    }
    return next;
  }
}
