package io.pipely.http;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Membership;
import io.pipely.Refusal;
import io.pipely.Subscriber;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes Server-Sent Events to a client. */
final class EventStream implements Subscriber {

  /** Set before the first batch, by the answer to the join. */
  private @Nullable Sink sink;

  /** What to do with the join's answer: open the stream, or refuse. */
  Answer<Membership> open(Responder responder, Reply head, Consumer<Refusal> refuse) {
    return Answer.of(membership -> sink = responder.stream(head, membership::lost), refuse);
  }

  @Override
  public void deliver(Batch batch, Done done) {
    opened().write(batch.as(Sse.FORMAT), done);
  }

  @Override
  public void ended(EndReason why) {
    if (sink != null) {
      sink.close(why == EndReason.LOST);
    }
  }

  private Sink opened() {
    if (sink == null) {
      throw new IllegalStateException("a batch came before the answer to the join");
    }
    return sink;
  }
}
