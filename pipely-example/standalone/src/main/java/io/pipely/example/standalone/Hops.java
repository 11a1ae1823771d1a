package io.pipely.example.standalone;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whom the proxies on a request's way say that they had it from. The nearest is the last; one that
 * is unknown, hidden or malformed is there as an empty one.
 */
final class Hops {

  /**
   * One pair of {@code Forwarded} and what follows it (RFC 7239, 4). It is read strictly: with a
   * quotation mark of its own a client could otherwise hide what the proxy adds.
   */
  private static final Pattern PAIR =
      Pattern.compile(
          "\\G[ \\t]*+(?<name>[\\w!#$%&'*+.^`|~-]++)="
              + "(?:\"(?<quoted>[^\"\\\\]*+)\"|(?<plain>[^\\s\",;\\\\]++))"
              + "[ \\t]*+(?<end>[;,]|\\z)");

  /** An address, perhaps with a port, which may be hidden (RFC 7239, 6). */
  private static final Pattern NODE =
      Pattern.compile("(?<address>[0-9.]+|\\[[^\\]]*\\])(?::[\\w.-]+)?");

  private Hops() {}

  /** Those of the lines of {@code X-Forwarded-For}. */
  static List<Optional<InetAddress>> xForwardedFor(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Stream.of(line.split(",")))
        .map(String::strip)
        .filter(node -> !node.isEmpty())
        .map(Hops::node)
        .toList();
  }

  /** Those of the lines of {@code Forwarded}. */
  static List<Optional<InetAddress>> forwarded(List<String> lines) {
    return lines.stream().flatMap(line -> forwarded(line).stream()).toList();
  }

  /** A line that is malformed anywhere is as good as one unknown hop. */
  private static List<Optional<InetAddress>> forwarded(String line) {
    List<Optional<InetAddress>> hops = new ArrayList<>();
    Matcher pair = PAIR.matcher(line);
    List<String> nodes = new ArrayList<>(); // Of one hop; there should be one.
    String end;
    do {
      if (!pair.find()) {
        return List.of(Optional.empty());
      }
      if (pair.group("name").equalsIgnoreCase("for")) {
        String quoted = pair.group("quoted");
        nodes.add(quoted != null ? quoted : String.valueOf(pair.group("plain")));
      }
      end = pair.group("end");
      if (!end.equals(";")) {
        hops.add(nodes.size() == 1 ? node(nodes.get(0)) : Optional.empty());
        nodes.clear();
      }
    } while (!end.isEmpty());
    return hops;
  }

  private static Optional<InetAddress> node(String text) {
    Matcher matcher = NODE.matcher(text);
    return IpAddress.parse(matcher.matches() ? matcher.group("address") : text);
  }
}
