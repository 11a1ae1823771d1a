package io.pipely.example.standalone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * Gives a request that came by proxies the address of its client. Anybody can send the headers that
 * tell of it, so they are believed as far as trusted proxies wrote them: from the right to the
 * left, up to the first address that is none of theirs. Jetty's {@code ForwardedRequestCustomizer}
 * believes the leftmost, whoever wrote it.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {

  private final InetAddressSet trusted;

  TrustedProxies(InetAddressSet trusted) {
    this.trusted = trusted;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
    if (!(remote instanceof InetSocketAddress peer) || !trusted.test(peer.getAddress())) {
      return request;
    }
    InetAddress client = client(peer.getAddress(), request.getHeaders());
    return client.equals(peer.getAddress()) ? request : new ClientRequest(request, client);
  }

  /**
   * A proxy that writes one of the headers may well let the other one pass as its client sent it.
   * Where they do not agree, nobody can tell who lies, and the proxy is all that is known.
   */
  private InetAddress client(InetAddress peer, HttpFields headers) {
    List<String> forwarded = headers.getValuesList(HttpHeader.FORWARDED);
    List<String> xForwardedFor = headers.getValuesList(HttpHeader.X_FORWARDED_FOR);
    InetAddress one = client(peer, Hops.forwarded(forwarded));
    InetAddress other = client(peer, Hops.xForwardedFor(xForwardedFor));
    if (forwarded.isEmpty()) {
      return other;
    }
    return xForwardedFor.isEmpty() || one.equals(other) ? one : peer;
  }

  private InetAddress client(InetAddress peer, List<Optional<InetAddress>> hops) {
    InetAddress known = peer;
    for (int i = hops.size() - 1; i >= 0 && trusted.test(known); i--) {
      if (hops.get(i).isEmpty()) {
        break;
      }
      known = hops.get(i).get();
    }
    return known;
  }

  /** The request alone is wrapped: with another response its stream could not be taken over. */
  private static final class ClientRequest extends Request.Wrapper {

    private final ConnectionMetaData connection;

    ClientRequest(Request request, InetAddress client) {
      super(request);
      InetSocketAddress address = new InetSocketAddress(client, 0); // Its port nobody knows.
      this.connection =
          new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
              return address;
            }
          };
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return connection;
    }
  }
}
