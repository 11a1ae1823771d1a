package io.pipely.example.standalone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is taken for one client: an IPv4 address, or the first half of an IPv6 address, since who
 * has one address of such a network can have all of them. Small, for there may be many.
 */
record ClientNetwork(boolean isFour, long prefix) {

  /** All whose address is not known are one. */
  private static final ClientNetwork UNKNOWN = new ClientNetwork(false, 0);

  /**
   * That of an address as text; Java reads one that is mapped to IPv6 as the IPv4 address it is.
   */
  static ClientNetwork of(@Nullable String address) {
    return address == null
        ? UNKNOWN
        : IpAddress.parse(address).map(ClientNetwork::of).orElse(UNKNOWN);
  }

  private static ClientNetwork of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new ClientNetwork(true, bytes.getInt())
        : new ClientNetwork(false, bytes.getLong());
  }
}
