package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document's list of refusals is the code's. */
class ProtocolDocumentTest {

  @Test
  void theListOfRefusalsIsWhole() throws Exception {
    List<String> documented =
        Files.readAllLines(Path.of("..", "docs", "protocol.md")).stream()
            .filter(line -> line.matches("\\| \\d{3} \\| `\\w+` \\| .* \\|"))
            .toList();
    List<String> known =
        Stream.of(Refusal.values())
            .map(why -> "| %d | `%s` | %s |".formatted(why.status(), why.word(), why.message()))
            .toList();

    assertEquals(known, documented);
  }
}
