package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.Event;
import io.pipely.Subscriber;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an application's code away from publishers; see {@link Subscriber#on}. */
public final class ExecutorSubscriber implements Subscriber {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorSubscriber.class);

  private final Executor executor;
  private final Consumer<? super Event> consumer;

  public ExecutorSubscriber(Executor executor, Consumer<? super Event> consumer) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.consumer = Objects.requireNonNull(consumer, "consumer");
  }

  @Override
  public void deliver(Batch batch, Done done) {
    executor.execute(() -> run(batch, done));
  }

  /** An Error goes on to the executor, but not without an end to the delivery. */
  private void run(Batch batch, Done done) {
    Throwable failure = null;
    try {
      for (int i = 0; i < batch.size(); i++) {
        accept(batch.event(i));
      }
    } catch (Error e) {
      failure = e;
      throw e;
    } finally {
      done.complete(failure);
    }
  }

  private void accept(Event event) {
    try {
      consumer.accept(event);
    } catch (Exception e) { // Not every language has its exceptions checked.
      Failures.log(e, failure -> LOG.error("a subscriber failed on {}", event, failure));
    }
  }
}
