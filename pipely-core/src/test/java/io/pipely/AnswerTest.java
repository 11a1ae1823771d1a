package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AnswerTest {

  @Test
  void isMadeOfTwoLambdas() {
    List<Object> given = new ArrayList<>();
    Answer<String> answer = Answer.of(given::add, given::add);
    answer.ok("value");
    answer.refused(Refusal.CHANNEL_FULL);
    assertEquals(List.of("value", Refusal.CHANNEL_FULL), given);
  }

  @Test
  void aFutureHasTheValue() {
    CompletableFuture<String> future = Answer.future(answer -> answer.ok("value"));
    assertEquals("value", future.join());
  }

  @Test
  void aFutureFailsWithTheRefusal() {
    CompletableFuture<String> future =
        Answer.future(answer -> answer.refused(Refusal.WRONG_PASSWORD));
    CompletionException e = assertThrows(CompletionException.class, future::join);
    RefusedException refused = assertInstanceOf(RefusedException.class, e.getCause());
    assertEquals(Refusal.WRONG_PASSWORD, refused.refusal());
    assertEquals("invalid channel password", refused.getMessage());
  }

  @Test
  void aFutureMayBeAnsweredLater() {
    List<Answer<String>> asked = new ArrayList<>();
    CompletableFuture<String> future = Answer.future(asked::add);
    assertFalse(future.isDone());
    asked.get(0).ok("late");
    assertEquals("late", future.join());
  }

  @Test
  void aFutureOfARealOperation() {
    try (Pipely pipely = Pipely.create()) {
      CompletableFuture<Membership> joined =
          Answer.future(
              answer ->
                  pipely.join(
                      Join.of("channel-0000", "alice"),
                      (batch, done) -> done.complete(null),
                      answer));
      assertEquals("alice", joined.join().clientId());
      CompletableFuture<Receipt> published =
          Answer.future(answer -> pipely.publish("channel-0000", "chat", null, answer));
      assertEquals(1, published.join().recipients());
      CompletableFuture<ChannelInfo> looked =
          Answer.future(answer -> pipely.look("channel-0001", answer));
      assertTrue(looked.isCompletedExceptionally());
    }
  }
}
