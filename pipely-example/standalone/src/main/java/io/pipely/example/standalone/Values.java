package io.pipely.example.standalone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * How the texts of the settings are read that are the launcher's own; what cannot be is an {@link
 * IllegalArgumentException}.
 */
final class Values {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_WARM_UP = 60;
  private static final int MAX_RATE = 99_999;

  /** An IPv6 address has colons of its own, so it is in brackets (RFC 3986, 3.2.2). */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+(?:%\\w+)?)]|(?<host>[\\w.-]*)):(?<port>\\d+)");

  private Values() {}

  static int port(String text) {
    return number(text, MAX_PORT);
  }

  static Duration warmUp(String text) {
    return Duration.ofSeconds(number(text, MAX_WARM_UP));
  }

  /** Subscribes and publishes a second, or "off". */
  static RateLimit rateLimit(String text) {
    if (text.equals("off")) {
      return RateLimit.OFF;
    }
    String[] numbers = text.split("/", -1);
    if (numbers.length != 2) {
      throw new IllegalArgumentException(text);
    }
    RateLimit rate = new RateLimit(number(numbers[0], MAX_RATE), number(numbers[1], MAX_RATE));
    if (rate.subscribes() == 0 || rate.publishes() == 0) {
      throw new IllegalArgumentException("nobody could do anything: " + text);
    }
    return rate;
  }

  /** Addresses and networks, separated by commas; no names, and no bits set behind a prefix. */
  static InetAddressSet networks(String text) {
    InetAddressSet networks = new InetAddressSet();
    for (String network : text.split(",", -1)) {
      String pattern = network.strip();
      if (IpAddress.parse(pattern.replaceFirst("/[0-9]{1,3}$", "")).isEmpty()) {
        throw new IllegalArgumentException(pattern);
      }
      networks.add(pattern);
    }
    return networks;
  }

  /** Digits alone, no sign, and no more than any limit here has. */
  private static int number(String text, int max) {
    int number = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : max + 1;
    if (number > max) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  /** Host and port, the port alone after a colon standing for all addresses of the machine. */
  static InetSocketAddress address(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    int port = port(matcher.group("port"));
    String six = matcher.group("six");
    if (six != null) {
      return new InetSocketAddress(literal("[" + six + "]"), port);
    }
    String host = matcher.group("host");
    return host == null || host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(host, port);
  }

  /** A literal in brackets is never looked up as a name. */
  private static InetAddress literal(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
