package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The demos are to be read as tutorials, and so none of them may be long. */
class DemoSizesTest {

  private static final Path PAGES = Path.of("..", "pages");
  private static final int TOO_MANY = 200;

  private static final Pattern SCRIPT = Pattern.compile("<script[^>]* src=\"([^\"]+)\"");
  private static final Pattern IMPORT = Pattern.compile("from \"\\./([^\"]+)\"");

  @Test
  void eachDemoHasLessThanTwoHundredLinesOfItsOwn() throws IOException {
    Map<String, Set<String>> scripts = new HashMap<>();
    for (String demo : List.of("chat", "board", "drop")) {
      Set<String> found = new TreeSet<>();
      addWithImports(named(SCRIPT, demo + ".html"), found);
      scripts.put(demo, found);
    }
    Set<String> shared = new HashSet<>(scripts.get("chat"));
    scripts.values().forEach(shared::retainAll);
    assertEquals(Set.of("room.js", "vendor/lean-qr.js"), shared);

    for (Map.Entry<String, Set<String>> entry : scripts.entrySet()) {
      Set<String> own = entry.getValue();
      own.removeAll(shared);
      assertTrue(own.contains(entry.getKey() + ".js"), own::toString);
      int lines = 0;
      for (String name : own) {
        lines += Files.readAllLines(PAGES.resolve(name)).size();
      }
      int total = lines;
      assertTrue(total < TOO_MANY, () -> own + " have " + total + " lines");
    }
  }

  /** Those that are not here are the client, and what tells where the server is. */
  private static void addWithImports(Set<String> names, Set<String> found) throws IOException {
    for (String name : names) {
      if (Files.exists(PAGES.resolve(name)) && found.add(name)) {
        addWithImports(named(IMPORT, name), found);
      }
    }
  }

  private static Set<String> named(Pattern pattern, String file) throws IOException {
    Set<String> names = new TreeSet<>();
    pattern
        .matcher(Files.readString(PAGES.resolve(file)))
        .results()
        .forEach(match -> names.add(match.group(1)));
    return names;
  }
}
