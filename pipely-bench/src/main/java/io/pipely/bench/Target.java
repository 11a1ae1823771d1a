package io.pipely.bench;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whom the load is put on. */
final class Target {

  static final URI DEFAULT = URI.create("http://127.0.0.1:6550");

  private Target() {}

  /**
   * A URL to which the routes are appended.
   *
   * @throws IllegalArgumentException where it is none, or has more than scheme, host, port and path
   */
  static URI url(String text) {
    URI url = URI.create(text.replaceFirst("/+$", ""));
    if (!"http".equals(url.getScheme())
        || url.getHost() == null
        || url.getUserInfo() != null
        || url.getQuery() != null
        || url.getFragment() != null) {
      throw new IllegalArgumentException(text);
    }
    return url;
  }

  /** Whether a name stands for this machine alone; one that is not known does not. */
  static boolean isLoopback(URI url) {
    try {
      return Arrays.stream(InetAddress.getAllByName(url.getHost()))
          .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
