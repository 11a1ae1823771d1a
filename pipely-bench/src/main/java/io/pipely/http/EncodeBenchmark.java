package io.pipely.http;

import io.pipely.Batch;
import io.pipely.Event;
import io.pipely.Payload;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Putting events into the form of Server-Sent Events. The format is called itself, since an event
 * and a batch keep what they have been put into.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {

  private static final int BATCH = 32;

  private final Event event =
      Event.of("bench-000000", "bench", "publisher", Payload.of("x".repeat(98)));
  private final Batch batch = Batch.of(Collections.nCopies(BATCH, event));

  /** One event with a payload of 100 bytes. */
  @Benchmark
  public ByteBuffer encode() {
    return Sse.FORMAT.encode(event);
  }

  /** A batch of 32 such events, each of them encoded already; for one event, divide by 32. */
  @Benchmark
  public ByteBuffer join() {
    return Sse.FORMAT.join(batch);
  }
}
