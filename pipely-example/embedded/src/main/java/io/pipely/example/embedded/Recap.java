package io.pipely.example.embedded;

import io.pipely.Answer;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Pipely;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What was said last in a channel. */
final class Recap {

  private Recap() {}

  /**
   * Joins for a moment, which the others see, and reads the history. It comes between the member
   * list and the own {@code CONNECT}.
   *
   * @param executor on which it is read
   */
  static CompletableFuture<List<Event>> of(
      Pipely pipely, String channelId, int events, Executor executor) {
    CompletableFuture<List<Event>> history = new CompletableFuture<>();
    List<Event> read = new ArrayList<>();
    Subscriber reader =
        Subscriber.on(
            executor,
            event -> {
              switch (event.type()) {
                case "CLIENT_LIST" -> read.clear();
                case "CONNECT" -> history.complete(List.copyOf(read));
                default -> read.add(event);
              }
            });
    Join join = Join.of(channelId, "reader").history(events).presence(false);
    return Answer.<Membership>future(answer -> pipely.join(join, reader, answer))
        .thenCombine(
            history,
            (membership, all) -> {
              membership.leave();
              return all;
            });
  }
}
