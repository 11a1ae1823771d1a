package io.pipely.jetty;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The standard way, through Jetty's HTTP layers: works for every version of HTTP. */
final class ResponseSink extends JettySink {

  private final Response response;
  private final Callback callback;
  private final Duration stall;
  private final EndPoint endPoint;
  private final Connector connector;

  /** Whether nobody else uses the connection meanwhile: not where there are several streams. */
  private final boolean isAlone;

  private volatile boolean isEnding;

  private ResponseSink(Request request, Response response, Callback callback, Duration stall) {
    ConnectionMetaData metaData = request.getConnectionMetaData();
    this.response = response;
    this.callback = new OnceCallback(callback);
    this.stall = stall;
    this.endPoint = metaData.getConnection().getEndPoint();
    this.connector = metaData.getConnector();
    this.isAlone = metaData.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
  }

  static ResponseSink open(
      Request request, Response response, Callback callback, Duration stall, Runnable gone) {
    ResponseSink sink = new ResponseSink(request, response, callback, stall);
    if (sink.isAlone) {
      Sockets.prepare(sink.endPoint, sink.connector);
    }
    // A channel may be quiet for as long as it likes.
    request.addIdleTimeoutListener(timeout -> sink.isEnding);
    request.addFailureListener(failure -> gone.run());
    return sink;
  }

  @Override
  void send(ByteBuffer bytes) {
    if (isOrphaned()) {
      failed(new EofException("the client has closed its connection"));
    } else {
      response.write(false, bytes, this);
    }
  }

  /**
   * Whether the client has closed a connection of several streams. Where it had said before that it
   * would ask for nothing more (GOAWAY), Jetty goes on with the streams there are; and of two
   * writes into a connection that is closed at its other end, the first one succeeds.
   */
  private boolean isOrphaned() {
    return !isAlone && endPoint.isInputShutdown();
  }

  @Override
  void push() {
    Sockets.push(endPoint);
  }

  /** Of a connection with several streams the time is the server's affair. */
  @Override
  void limitEnd() {
    isEnding = true;
    if (isAlone) {
      endPoint.setIdleTimeout(stall.toMillis());
    }
  }

  @Override
  void finish(ByteBuffer bytes) {
    response.write(true, bytes, callback);
  }

  @Override
  void breakOff() {
    if (isAlone) {
      Sockets.resetOnClose(endPoint, connector);
    }
    callback.failed(new EofException("aborted"));
  }
}
