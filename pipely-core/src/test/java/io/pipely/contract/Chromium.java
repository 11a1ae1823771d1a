package io.pipely.contract;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The machine's own browser: the one that the property names, or one that is on the PATH. */
public final class Chromium {

  private static final String PROPERTY = "pipely.chromium";
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String MISSING =
      "There is no Chromium on the PATH, or none where -D"
          + PROPERTY
          + "=... says; on Debian, apt-get install chromium";

  private Chromium() {}

  /**
   * Where it is. Without one, tests are skipped; but they fail where a skipped test would go
   * unnoticed, in CI, or where that is asked for with {@code -Dpipely.requireChromium=true}.
   */
  public static Path require() {
    Optional<Path> found = find();
    if (found.isPresent()) {
      return found.get();
    }
    if (isRequired()) {
      return Assertions.fail(MISSING);
    }
    System.err.println("Browser tests are skipped. " + MISSING); // Maven does not tell why.
    return Assumptions.abort(MISSING);
  }

  private static Optional<Path> find() {
    String given = System.getProperty(PROPERTY);
    Stream<Path> candidates =
        given != null
            ? Stream.of(Path.of(given))
            : Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return candidates.filter(Files::isExecutable).findFirst();
  }

  private static boolean isRequired() {
    return "true".equals(System.getenv("CI")) || Boolean.getBoolean("pipely.requireChromium");
  }
}
