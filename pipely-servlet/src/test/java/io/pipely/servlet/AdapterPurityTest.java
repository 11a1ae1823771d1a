package io.pipely.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.testing.AdapterPurity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This module adapts, and nothing else: the protocol is written elsewhere, once. */
class AdapterPurityTest {

  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void theAdapterHoldsNoProtocol() throws IOException {
    assertTrue(Files.isDirectory(SOURCES), () -> "run in the module's folder: " + SOURCES);
    assertEquals(List.of(), AdapterPurity.finds(SOURCES));
  }
}
