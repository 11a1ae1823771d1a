package io.pipely.example.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses, and never takes one for a name that could be looked up. */
final class IpAddress {

  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern FOUR = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\\w.-]+)?");

  private IpAddress() {}

  /** An IPv4 address, or an IPv6 address in brackets or without; empty where it is neither. */
  static Optional<InetAddress> parse(String text) {
    boolean isInBrackets = text.startsWith("[") && text.endsWith("]");
    String bare = isInBrackets ? text.substring(1, text.length() - 1) : text;
    if (!isInBrackets && FOUR.matcher(bare).matches()) {
      return resolved(bare);
    }
    // What is in brackets Java does not look up.
    return SIX.matcher(bare).matches() ? resolved("[" + bare + "]") : Optional.empty();
  }

  private static Optional<InetAddress> resolved(String literal) {
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
