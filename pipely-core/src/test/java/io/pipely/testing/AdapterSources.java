package io.pipely.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for the protocol in an adapter's sources, where it has no place: an adapter with a status
 * number, a route or a bit of SSE in it is on its way to be a second implementation.
 */
public final class AdapterSources {

  private static final Pattern PROTOCOL =
      Pattern.compile(
          "(?<![\\w.])[1-5]\\d\\d(?![\\w.])|\\bSC_[A-Z]|HttpStatus|sendError"
              + "|\"/?(subscribe|publish|channels?|leave)\\b"
              + "|text/|event-stream|\"data:|\"id:|\"retry:|\\\\n\\\\n"
              + "|CLIENT_LIST|CONNECT\"|Access-Control|Pipely-Error");

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

  private AdapterSources() {}

  /** What of the protocol is in the code below a folder, comments aside. */
  public static List<String> protocolIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      if (sources.isEmpty()) {
        throw new IOException("no sources in " + folder.toAbsolutePath());
      }
      return sources.stream().flatMap(AdapterSources::found).toList();
    }
  }

  private static Stream<String> found(Path source) {
    String code;
    try {
      code = COMMENT.matcher(Files.readString(source)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PROTOCOL.matcher(code).results().map(hit -> source.getFileName() + ": " + hit.group());
  }
}
