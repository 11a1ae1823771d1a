package io.pipely;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Takes the outcome of one operation: exactly one of the two methods is called, exactly once, with
 * no lock held. On a single node that happens on the caller's thread before the operation returns;
 * code must not count on it, since an operation may have to ask elsewhere first.
 *
 * @param <T> what the operation yields when it is not refused
 */
public interface Answer<T> {

  /** The operation was carried out. */
  void ok(T value);

  /** The operation was refused and changed nothing. */
  void refused(Refusal refusal);

  /**
   * The operation was about several things and was refused for one of them; nothing was changed.
   *
   * @param index which one, counted from 0
   */
  default void refused(Refusal refusal, int index) {
    refused(refusal);
  }

  /** An answer of two lambdas. */
  static <T> Answer<T> of(Consumer<? super T> ok, Consumer<? super Refusal> refused) {
    return new Answer<>() {
      @Override
      public void ok(T value) {
        ok.accept(value);
      }

      @Override
      public void refused(Refusal refusal) {
        refused.accept(refusal);
      }
    };
  }

  /**
   * Runs an operation and gives its outcome as a future, which fails with a {@link
   * RefusedException} where the operation is refused: {@code Answer.future(answer ->
   * pipely.publish(publication, answer))}.
   */
  static <T> CompletableFuture<T> future(Consumer<Answer<T>> operation) {
    CompletableFuture<T> future = new CompletableFuture<>();
    operation.accept(
        of(future::complete, why -> future.completeExceptionally(new RefusedException(why))));
    return future;
  }
}
