package io.pipely.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How much is under way at once. */
class ThrottleTest {

  private final Throttle throttle = new Throttle(2);
  private final List<CompletableFuture<String>> begun = new ArrayList<>();

  private CompletableFuture<String> run() {
    return throttle.run(
        () -> {
          CompletableFuture<String> work = new CompletableFuture<>();
          begun.add(work);
          return work;
        });
  }

  /** As when the link is lost on which thousands wait for their turn. */
  @Test
  void manyThatFailAtOnceDoSoOneAfterTheOther() {
    List<CompletableFuture<String>> results = new ArrayList<>(List.of(run(), run()));
    for (int i = 0; i < 20_000; i++) {
      results.add(throttle.run(() -> CompletableFuture.failedFuture(new IllegalStateException())));
    }
    begun.get(0).complete("first");
    assertTrue(results.stream().skip(2).allMatch(CompletableFuture::isCompletedExceptionally));
  }

  @Test
  void whatCannotBeBegunHasFailedAndTheNextOneHasItsTurn() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<String> failed =
          throttle.run(
              () -> {
                throw new StackOverflowError();
              });
      assertTrue(failed.isCompletedExceptionally());
    }
    CompletableFuture<String> next = run();
    begun.get(0).complete("next");
    assertEquals("next", next.join());
  }

  @Test
  void noMoreIsUnderWayThanMayBe() {
    List<CompletableFuture<String>> results = List.of(run(), run(), run(), run());
    assertEquals(2, begun.size());

    begun.get(1).complete("second");
    assertEquals("second", results.get(1).join());
    assertEquals(3, begun.size());

    begun.get(0).completeExceptionally(new IllegalStateException());
    assertTrue(results.get(0).isCompletedExceptionally());
    assertEquals(4, begun.size());
    assertFalse(results.get(2).isDone());

    begun.get(2).complete("third");
    begun.get(3).complete("fourth");
    assertEquals("fourth", results.get(3).join());
    CompletableFuture<String> fifth = run();
    assertEquals(5, begun.size());
    assertFalse(fifth.isDone());
  }
}
