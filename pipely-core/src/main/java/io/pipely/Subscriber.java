package io.pipely;

import io.pipely.core.ExecutorSubscriber;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Takes the events of one member of a channel, in order. One batch is under way at a time: the next
 * comes after the last one's {@link Done}, however long that takes, and holds everything that was
 * published meanwhile. So a slow subscriber gets fewer and larger batches and delays nobody; one so
 * slow that the channel no longer keeps what it has yet to see is given the present member list and
 * a {@code GAP} event instead, and goes on from there.
 *
 * <p>Called with no lock held, by whichever thread published, on no thread in particular: an
 * implementation must not block. An application's own code should be wrapped by {@link #on}.
 *
 * <p>Any method may throw anything, exceptions and errors, those that say that the memory or the
 * stack is exhausted included. It is logged, and its member is ended with {@link EndReason#LOST},
 * unless it has ended already; nobody else is concerned, neither the publisher nor other members.
 */
public interface Subscriber {

  /**
   * Hands over the next batch. A batch of size zero is a sign of life after a time without events.
   * Whatever it throws, an {@link Error} too, counts as a failed delivery.
   *
   * @param done to be completed once, when the next batch is welcome; here or later, on any thread.
   *     The next call comes when both this one has returned and the batch is completed
   */
  void deliver(Batch batch, Done done);

  /**
   * The membership has ended. Called once, and never during a {@code deliver}; nothing follows it,
   * and a {@link Done} still owed is void.
   */
  default void ended(EndReason why) {}

  /**
   * Whether a batch has to be completed, or to {@link Done#moved}, within the time of {@link
   * PipelyBuilder#stall}; what does not is ended with {@link EndReason#STALLED}. For transports,
   * whose clients may vanish without a word; false by default, since an application may take its
   * time.
   */
  default boolean hasDeadline() {
    return false;
  }

  /**
   * Called now and then, on any thread, while a batch is under way, some eight times in the time of
   * {@link PipelyBuilder#stall}: a transport that is told late that there is room again may try by
   * itself, and look whether something has {@link Done#moved}. It may come too late, after the
   * batch is complete or the membership has ended. Does nothing by default.
   */
  default void nudge() {}

  /**
   * A subscriber that runs the application's code on an executor, one event after the other, never
   * on a publisher's thread. An exception of the consumer is logged and the next event follows; an
   * {@link Error}, which goes on to the executor, ends the member, as does an executor that refuses
   * a batch. One that drops a batch which it has taken leaves the member without further events.
   * The consumer may block: only its own events wait.
   */
  static Subscriber on(Executor executor, Consumer<? super Event> consumer) {
    return new ExecutorSubscriber(executor, consumer);
  }
}
