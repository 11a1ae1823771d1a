package io.pipely.jetty;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A connection of HTTP/2 as frames: a test says what is read of which stream. */
final class Http2Connection implements AutoCloseable {

  /** What a server may send on a stream of which nothing is read. */
  private static final int STREAM_WINDOW = 64 << 10;

  private final URI server;
  private final HTTP2Client client = new HTTP2Client();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private Session session;

  private Http2Connection(URI server) {
    this.server = server;
  }

  static Http2Connection open(URI server) throws Exception {
    Http2Connection connection = new Http2Connection(server);
    connection.connect();
    return connection;
  }

  private void connect() throws Exception {
    client.setInitialStreamRecvWindow(STREAM_WINDOW);
    client.setUseALPN(false); // Both sides know.
    SslContextFactory.Client trusting = new SslContextFactory.Client(true);
    client.addBean(trusting, true);
    client.start();
    SocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
    boolean isSecure = server.getScheme().equals("https");
    session =
        client
            .connect(isSecure ? trusting : null, address, new Listener())
            .get(Patience.ONE.toSeconds(), SECONDS);
  }

  /** Opens a stream of events, of which is read what comes until it is told not to. */
  Http2Stream subscribe(String channelId, String clientId) throws Exception {
    Http2Stream stream = new Http2Stream();
    open(channelId, clientId, stream).get(Patience.ONE.toSeconds(), SECONDS);
    return stream;
  }

  /** Opens one and has it reset as soon as it can be, whether it was heard of or not. */
  void subscribeAndReset(String channelId, String clientId) {
    Http2Stream stream = new Http2Stream();
    var unused = open(channelId, clientId, stream).thenRun(stream::reset);
  }

  private CompletableFuture<Stream> open(
      String channelId, String clientId, Stream.Listener listener) {
    HttpURI uri = HttpURI.from(server + RawRequest.subscribe(channelId, clientId).target());
    MetaData.Request get = new MetaData.Request("GET", uri, HttpVersion.HTTP_2, HttpFields.build());
    return session.newStream(new HeadersFrame(get, null, true), listener);
  }

  /** Whether the server has ended the connection; what it says of that may be lost with it. */
  boolean isEnded() {
    return end.isDone();
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }

  private final class Listener implements Session.Listener {

    @Override
    public void onGoAway(Session session, GoAwayFrame frame) {
      end.complete(null);
    }

    @Override
    public void onFailure(Session session, Throwable failure, Callback callback) {
      end.complete(null);
      callback.succeeded();
    }
  }
}
