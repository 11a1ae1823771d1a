package io.pipely.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the documents tell their readers to copy, so that a test can do what they do. */
public final class Snippets {

  private Snippets() {}

  /**
   * A block of a document.
   *
   * @param tag what is behind the fence that opens it: language and name
   */
  public static String block(Path document, String tag) throws IOException {
    Pattern block = Pattern.compile("(?s)```" + Pattern.quote(tag) + "\\n(.*?)```");
    Matcher matcher = block.matcher(Files.readString(document));
    if (!matcher.find()) {
      throw new AssertionError("no block '" + tag + "' in " + document);
    }
    return matcher.group(1);
  }
}
