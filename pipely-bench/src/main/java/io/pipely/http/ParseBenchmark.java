package io.pipely.http;

import io.pipely.Caller;
import io.pipely.Credentials;
import java.nio.charset.StandardCharsets;
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

/** Reading the body of a publish request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParseBenchmark {

  private static final String ITEM =
      """
        {
          "name": "item",
          "place": { "x": 12.5, "y": -3, "z": 0 },
          "tags": [ "first", "second", null, true ]
        }\
      """;

  private final byte[] text = body('"' + "x".repeat(98) + '"');
  private final byte[] nested = body("[\n" + (ITEM + ",\n").repeat(8) + ITEM + "\n]");

  /** A payload that is a string of 100 bytes. */
  @Benchmark
  public PublishParser.Body text() throws BadRequest {
    return parse(text);
  }

  /** A payload of arrays and objects, some 1 KiB with its white space. */
  @Benchmark
  public PublishParser.Body nested() throws BadRequest {
    return parse(nested);
  }

  private static PublishParser.Body parse(byte[] body) throws BadRequest {
    return PublishParser.parse(body, Credentials.NONE, Caller.APPLICATION);
  }

  private static byte[] body(String payload) {
    return ("{\"channel_id\":\"bench-000000\",\"type\":\"bench\",\"origin_id\":\"publisher\",\"payload\":"
            + payload
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
