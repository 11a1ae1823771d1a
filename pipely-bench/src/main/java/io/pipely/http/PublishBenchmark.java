package io.pipely.http;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Publishing one event of a 100-byte payload to a channel of event streams at rest, until the last
 * of them has been handed it.
 *
 * <p>An operation is one delivery, not one publication: ns/op and B/op (of {@code
 * gc.alloc.rate.norm}) are for each member that was handed the event, and a publication to N
 * members takes N times as much. Of {@link #toOne} both are the same, so it is the cost of a
 * publication with its share that does not depend on the members; that of {@link #toThousand} is
 * what one more member costs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PublishBenchmark {

  @Benchmark
  public int toOne(One one) {
    return one.audience.publish();
  }

  @Benchmark
  @OperationsPerInvocation(10)
  public int toTen(Ten ten) {
    return ten.audience.publish();
  }

  /** So many are served by a worker, so this has a change of threads in it. */
  @Benchmark
  @OperationsPerInvocation(1000)
  public int toThousand(Thousand thousand) {
    return thousand.audience.publish();
  }

  /** A channel with one member. */
  @State(Scope.Benchmark)
  public static class One {
    private final Audience audience = Audience.of(1);

    @TearDown
    public void close() {
      audience.close();
    }
  }

  /** A channel with ten members. */
  @State(Scope.Benchmark)
  public static class Ten {
    private final Audience audience = Audience.of(10);

    @TearDown
    public void close() {
      audience.close();
    }
  }

  /** A channel with a thousand members. */
  @State(Scope.Benchmark)
  public static class Thousand {
    private final Audience audience = Audience.of(1000);

    @TearDown
    public void close() {
      audience.close();
    }
  }
}
