package io.pipely.redis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets so much be under way at once, and has the rest wait: when the links are new all channels are
 * to be read, and of thousands sent at once the last would be given up before their turn.
 */
final class Throttle {

  private final int limit;

  // Guarded by this.
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Throttle(int limit) {
    this.limit = limit;
  }

  <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable begin =
        () -> {
          CompletionStage<T> begun = work.get();
          begun.whenComplete(
              (value, failure) -> {
                next();
                if (failure != null) {
                  result.completeExceptionally(failure);
                } else {
                  result.complete(value);
                }
              });
        };
    synchronized (this) {
      if (running == limit) {
        waiting.add(begin);
        return result;
      }
      running++;
    }
    begin.run();
    return result;
  }

  private void next() {
    Runnable begin;
    synchronized (this) {
      begin = waiting.poll();
      if (begin == null) {
        running--;
        return;
      }
    }
    begin.run();
  }
}
