package io.pipely.http;

import io.pipely.Done;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** A client that takes everything at once and only counts, so that what is measured is Pipely. */
final class NoOpClient implements Responder, Sink {

  private final AtomicLong writes;

  /** Several clients may share a counter. */
  NoOpClient(AtomicLong writes) {
    this.writes = writes;
  }

  /** An answer other than a stream is a refusal here, and would leave nothing to measure. */
  @Override
  public void reply(Reply reply) {
    throw new IllegalStateException("refused with status " + reply.status());
  }

  @Override
  public Sink stream(Reply head, Runnable gone) {
    return this;
  }

  @Override
  public void write(ByteBuffer bytes, Done done) {
    writes.getAndIncrement();
    done.complete(null);
  }

  @Override
  public void end(ByteBuffer last) {}

  @Override
  public void abort() {}
}
