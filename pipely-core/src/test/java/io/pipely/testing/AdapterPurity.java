package io.pipely.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks through an adapter's sources for what is the protocol's affair: statuses, routes, names of
 * events, the syntax of event streams. Comments may speak of them.
 */
public final class AdapterPurity {

  /** A comment, or a literal, which may look like one. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\\n]*|/\\*.*?\\*/)|(?<literal>\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*')",
          Pattern.DOTALL);

  /** From the first to the last status that is registered (IANA). */
  private static final Pattern STATUS =
      Pattern.compile("(?<![\\w.])(?:[1-4]\\d\\d|50\\d|51[01])(?![\\w.])");

  private static final Pattern IN_CODE =
      Pattern.compile("\\bSC_\\w+|\\bHttpStatus\\b|\\bHttpServletResponse\\.SC\\w*");

  private static final Pattern IN_TEXT =
      Pattern.compile(
          "/?(?i:subscribe|publish)\\b|/channels?\\b|event-stream|text/plain"
              + "|\\b(?:data|event|id|retry):"
              + "|\\b(?:CONNECT|DISCONNECT|CLIENT_LIST|GAP|REPLACED|REFUSED)\\b"
              + "|(?i:Access-Control|Pipely-Error|Retry-After|Password )");

  private AdapterPurity() {}

  /** Every find as {@code file: text}; none where the adapter is only an adapter. */
  public static List<String> finds(Path sources) throws IOException {
    List<String> finds = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        for (String find : finds(Files.readString(file))) {
          finds.add(file.getFileName() + ": " + find);
        }
      }
    }
    return finds;
  }

  /** The finds in one source text. */
  public static List<String> finds(String source) {
    List<String> finds = new ArrayList<>();
    StringBuilder code = new StringBuilder();
    Matcher token = TOKEN.matcher(source);
    while (token.find()) {
      String literal = token.group("literal");
      if (literal != null) {
        collect(IN_TEXT, literal, finds);
        if (literal.matches("\"[1-5]\\d\\d( .*)?\"")) {
          finds.add(literal);
        }
      }
      token.appendReplacement(code, literal == null ? " " : "\"\"");
    }
    token.appendTail(code);
    collect(STATUS, code, finds);
    collect(IN_CODE, code, finds);
    return finds;
  }

  private static void collect(Pattern pattern, CharSequence text, List<String> finds) {
    pattern.matcher(text).results().forEach(result -> finds.add(result.group()));
  }
}
