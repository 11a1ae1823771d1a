package io.pipely.http;

import io.pipely.Answer;
import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Membership;
import io.pipely.Refusal;
import io.pipely.Subscriber;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes Server-Sent Events to a client. */
final class EventStream implements Subscriber {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Set before the first batch, by the answer to the join. */
  private @Nullable Sink sink;

  private @Nullable Farewell farewell;

  private String channelId = "";
  private boolean hasBegun;

  /** What to do with the join's answer: open the stream, or refuse. */
  Answer<Membership> open(Responder responder, Reply head, Consumer<Refusal> refuse) {
    return Answer.of(
        membership -> {
          channelId = membership.channelId();
          farewell = new Farewell(membership);
          sink = responder.stream(head, farewell);
        },
        refuse);
  }

  @Override
  public void deliver(Batch batch, Done done) {
    ByteBuffer frames = batch.as(Sse.FORMAT);
    opened().write(hasBegun ? frames : Sse.first(frames), done);
    hasBegun = true;
  }

  @Override
  public void ended(EndReason why) {
    if (farewell == null || sink == null) {
      return;
    }
    farewell.forget();
    switch (why) {
      case LEFT -> sink.end(NOTHING);
      case CLOSED -> sink.end(Sse.shutDown());
      case REPLACED -> sink.end(Sse.replaced(channelId));
      case LOST, STALLED -> sink.abort();
    }
  }

  /** A client may vanish without a word. */
  @Override
  public boolean hasDeadline() {
    return true;
  }

  @Override
  public void nudge() {
    opened().nudge();
  }

  private Sink opened() {
    if (sink == null) {
      throw new IllegalStateException("a batch came before the answer to the join");
    }
    return sink;
  }
}
