package io.pipely.example.standalone;

import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;

/** The address cannot be listened at. */
final class CannotListenException extends CannotStartException {

  private static final long serialVersionUID = 1L;

  CannotListenException(InetSocketAddress address, Throwable failure) {
    super("cannot listen at " + shown(address) + ": " + reason(failure), failure);
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** What is around the first cause only says that something failed. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof UnresolvedAddressException) {
      return "no such host"; // This one has no message.
    }
    String message = cause.getMessage();
    return message != null ? message : cause.getClass().getSimpleName();
  }
}
