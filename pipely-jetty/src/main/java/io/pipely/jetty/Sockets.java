package io.pipely.jetty;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What streams want of the sockets below their end points. All of it is left undone where the
 * system does not have it, or where there is no socket.
 */
final class Sockets {

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  /**
   * What a reader that has stopped may hide in the kernel, which would otherwise be up to 4 MiB. It
   * costs no speed where the round trips are short; at 100 ms it still lets 1 MB a second through.
   */
  private static final int SEND_BUFFER = 64 << 10;

  // A client that has gone without a word is noticed on a silent stream after 15 + 3 * 4 s.
  private static final int PROBES_AFTER_SECONDS = 15;
  private static final int PROBE_PERIOD_SECONDS = 4;
  private static final int PROBES = 3;

  private Sockets() {}

  /** Prepares the socket of a connection that is one stream's alone. */
  static void prepare(EndPoint endPoint, Connector connector) {
    SocketChannel channel = channel(endPoint);
    if (channel == null) {
      return;
    }
    boolean isChosen =
        connector instanceof ServerConnector owned && owned.getAcceptedSendBufferSize() >= 0;
    if (!isChosen) {
      set(channel, StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    }
    set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, PROBES_AFTER_SECONDS);
    set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_PERIOD_SECONDS);
    set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
  }

  /**
   * Has what is pending written as far as there is room. The selector tells of room only when a
   * third of the send buffer is free, which a slow reader takes most of a minute to read.
   */
  static void push(EndPoint endPoint) {
    if (lowest(endPoint) instanceof AbstractEndPoint lowest) {
      lowest.getWriteFlusher().completeWrite(); // Does nothing where nothing is pending.
    }
  }

  /**
   * Has the next close reset the connection, so that the kernel keeps nothing of it: otherwise what
   * the client does not read would stay there for minutes, with nobody to own it. Not while the
   * connector is being shut down, when clients are to see an end in good order.
   */
  static void resetOnClose(EndPoint endPoint, Connector connector) {
    SocketChannel channel = channel(endPoint);
    if (channel != null && !connector.isShutdown()) {
      set(channel, StandardSocketOptions.SO_LINGER, 0);
    }
  }

  /** Whether something has arrived that the server has not read yet. */
  static boolean hasUnread(EndPoint endPoint) {
    SocketChannel channel = channel(endPoint);
    try {
      return channel != null && channel.socket().getInputStream().available() > 0;
    } catch (IOException e) {
      return false; // Closed already.
    }
  }

  private static <T> void set(SocketChannel channel, SocketOption<T> option, T value) {
    try {
      channel.setOption(option, value);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} was not set", option, e); // Closed already, or not of this system.
    }
  }

  private static @Nullable SocketChannel channel(EndPoint endPoint) {
    return lowest(endPoint) instanceof SocketChannelEndPoint lowest ? lowest.getChannel() : null;
  }

  /** Below TLS, where there is any. */
  private static EndPoint lowest(EndPoint endPoint) {
    EndPoint lowest = endPoint;
    while (lowest instanceof EndPoint.Wrapper wrapper) {
      lowest = wrapper.unwrap();
    }
    return lowest;
  }
}
