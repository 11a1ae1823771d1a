package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every input that is kept, without a fuzzer. */
class CorpusTest {

  @ParameterizedTest
  @EnumSource
  void noKeptInputBreaksAPromise(FuzzTarget target) throws IOException {
    List<Path> inputs;
    try (Stream<Path> files = Files.list(target.corpus())) {
      inputs = files.sorted().toList();
    }
    assertTrue(inputs.size() > 10, () -> "so few inputs: " + inputs);
    for (Path input : inputs) {
      try {
        target.run(Files.readAllBytes(input));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(input + ": " + e, e);
      }
    }
  }
}
