package io.pipely.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextResponse;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The fast way, for HTTP/1: the head and the first events are written through Jetty's HTTP layers,
 * the body's end being the connection's ({@code Connection: close}, RFC 9112, 6.3); then the
 * request is completed with another connection in store, which takes the end point over, as for
 * WebSocket. From there on a write is one write to the socket, and a read tells at once that the
 * client has gone.
 */
final class TakenOverSink extends JettySink {

  private static final HttpField CLOSE =
      new PreEncodedHttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());

  private final EndPoint endPoint;
  private final Connector connector;
  private final Duration stall;

  /**
   * What the end point writes to, where nothing is between them; null where TLS is, or a subclass
   * that wants to see what is written.
   */
  private final @Nullable SocketChannel channel;

  /** Until the first write is sent. That takes it; an end that comes without one finds it. */
  private @Nullable Opening opening;

  private volatile boolean isEnding;

  /** For statistics: what was written since the connection was taken over. */
  private long bytesOut;

  private TakenOverSink(EndPoint endPoint, Connector connector, Duration stall, Opening opening) {
    this.endPoint = endPoint;
    this.connector = connector;
    this.stall = stall;
    this.channel =
        endPoint.getClass() == SocketChannelEndPoint.class
            ? ((SocketChannelEndPoint) endPoint).getChannel()
            : null;
    this.opening = opening;
  }

  /** Not where a wrapper around the response may want to change what is written. */
  static boolean isPossible(Request request, Response response) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    HttpVersion version = connection.getHttpVersion();
    return (version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0)
        && connection.getConnection() instanceof AbstractConnection
        && HttpMethod.GET.is(request.getMethod())
        && request.getLength() <= 0
        && !isTransformed(response);
  }

  private static boolean isTransformed(Response response) {
    Response inner = response;
    while (inner instanceof ContextResponse context) {
      inner = context.getWrapped();
    }
    return inner instanceof Response.Wrapper;
  }

  static TakenOverSink open(
      Request request, Response response, Callback callback, Duration stall, Runnable gone) {
    ConnectionMetaData metaData = request.getConnectionMetaData();
    EndPoint endPoint = metaData.getConnection().getEndPoint();
    Opening opening = new Opening(request, response, new OnceCallback(callback), gone);
    TakenOverSink sink = new TakenOverSink(endPoint, metaData.getConnector(), stall, opening);
    Sockets.prepare(endPoint, metaData.getConnector());
    response.getHeaders().put(CLOSE);
    // Where the request fails while it is completed, the end point is not taken over.
    Request.addCompletionListener(
        request,
        failure -> {
          if (failure != null) {
            sink.failed(failure);
            gone.run();
          }
        });
    return sink;
  }

  /**
   * Nearly always the socket takes all at once; only what it leaves is worth the end point's
   * machinery, which waits until there is room. The end point itself would always gather, by
   * writev(2), which costs more than write(2).
   */
  @Override
  int sendAtOnce(ByteBuffer bytes) throws IOException {
    if (channel == null || opening != null) {
      return 0;
    }
    int sent = Staging.write(channel, bytes);
    bytesOut += sent;
    return sent;
  }

  @Override
  void send(ByteBuffer bytes) {
    Opening first = opening;
    if (first == null) {
      bytesOut += bytes.remaining();
      endPoint.write(this, bytes);
    } else {
      opening = null;
      // Direct, as the head's buffer is: of buffers of both kinds the JDK would copy each.
      RetainableByteBuffer.Mutable copy =
          first.request.getComponents().getByteBufferPool().acquire(bytes.remaining(), true);
      copy.append(bytes);
      first.response.write(
          false,
          copy.getByteBuffer(),
          Callback.from(
              Callback.from(
                  getInvocationType(), () -> takeOver(first), failure -> fail(first, failure)),
              copy::release));
    }
  }

  /** The write in flight goes on until the end point has been taken over: {@link Taken#onOpen}. */
  private void takeOver(Opening first) {
    Taken connection = new Taken(first.gone);
    connector.getEventListeners().forEach(connection::addEventListener);
    first.request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    first.callback.succeeded();
  }

  private void fail(Opening first, Throwable failure) {
    first.callback.failed(failure);
    failed(failure);
  }

  @Override
  void finish(ByteBuffer bytes) {
    Opening unused = opening;
    if (unused != null) {
      unused.response.write(true, bytes, unused.callback); // An ordinary answer, after all.
      return;
    }
    try {
      bytes.position(bytes.position() + sendAtOnce(bytes));
    } catch (IOException e) {
      breakOff();
      return;
    }
    if (bytes.hasRemaining()) {
      endPoint.write(Callback.from(getInvocationType(), this::close, failure -> breakOff()), bytes);
    } else {
      close();
    }
  }

  /**
   * All is with the kernel, which of a closed connection would keep for minutes what its client
   * does not read. So only the output is closed here; the client's own end closes the rest, or the
   * idle timeout, with a reset. Over TLS an end is more than that, and is left to Jetty.
   */
  private void close() {
    if (channel == null) {
      endPoint.close();
    } else {
      endPoint.shutdownOutput();
    }
  }

  @Override
  void push() {
    Sockets.push(endPoint);
  }

  @Override
  void limitEnd() {
    isEnding = true;
    if (opening == null) { // Before that, it is an ordinary answer.
      endPoint.setIdleTimeout(stall.toMillis());
    }
  }

  @Override
  void breakOff() {
    Sockets.resetOnClose(endPoint, connector);
    endPoint.close();
    Opening unused = opening;
    if (unused != null) {
      unused.callback.failed(new EofException("aborted"));
    }
  }

  private record Opening(Request request, Response response, Callback callback, Runnable gone) {}

  /** The connection in the place of HTTP's: reads only to learn that the client has gone. */
  private final class Taken extends AbstractConnection implements Connection.UpgradeTo, Callback {

    private static final int READ_BYTES = 512;

    /** As Jetty has it for connections that are open when a connector is shut down. */
    private static final long SHUTDOWN_IDLE_MILLIS = 1000;

    private final Runnable gone;

    Taken(Runnable gone) {
      super(endPoint, connector.getExecutor());
      this.gone = gone;
    }

    /** What the client sent behind its request is of no interest. */
    @Override
    public void onUpgradeTo(ByteBuffer buffer) {}

    @Override
    public void onOpen() {
      super.onOpen();
      getEndPoint().setIdleTimeout(isEnding ? stall.toMillis() : 0);
      if (connector.isShutdown()) { // What it has told all connections is undone by the line above.
        getEndPoint().setIdleTimeout(SHUTDOWN_IDLE_MILLIS);
      }
      getEndPoint().fillInterested(this);
      TakenOverSink.this.succeeded();
    }

    /** The callback of reading: there is something to read, or an end. */
    @Override
    public void succeeded() {
      onFillable();
    }

    @Override
    public void failed(Throwable cause) {
      gone();
    }

    private void gone() {
      gone.run();
      if (isEnding) { // Then the hub, which has let go of it already, does not end it.
        breakOff();
      }
    }

    /** Only what is ending has a timeout, save where the connector is shut down. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
      if (isEnding) {
        breakOff();
        return false;
      }
      return super.onIdleExpired(timeout);
    }

    /** Neither reading nor telling of the end blocks, so they need no thread of their own. */
    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void onFillable() {
      try {
        ByteBuffer ignored = BufferUtil.allocate(READ_BYTES);
        int filled = getEndPoint().fill(ignored);
        if (filled >= 0) {
          if (!isEnding || filled == 0) { // Who sends more then, would put the end off for ever.
            getEndPoint().fillInterested(this);
          }
          return;
        }
      } catch (IOException e) {
        // As good as an end.
      }
      gone();
    }

    @Override
    public long getBytesOut() {
      return bytesOut;
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
      super.onClose(cause);
      gone.run();
    }
  }
}
