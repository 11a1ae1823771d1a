package io.pipely.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The standard way, through Jetty's HTTP layers: works for every version of HTTP. */
final class ResponseSink extends JettySink {

  private final Response response;
  private final Callback callback;

  private ResponseSink(Response response, Callback callback) {
    this.response = response;
    this.callback = callback;
  }

  static ResponseSink open(Request request, Response response, Callback callback, Runnable gone) {
    request.addIdleTimeoutListener(
        timeout -> false); // A channel may be quiet for as long as it likes.
    request.addFailureListener(failure -> gone.run());
    return new ResponseSink(response, callback);
  }

  @Override
  void send(ByteBuffer bytes) {
    response.write(false, bytes, this);
  }

  @Override
  void finish(ByteBuffer bytes) {
    response.write(true, bytes, callback);
  }

  @Override
  void breakOff() {
    callback.failed(new EofException("aborted"));
  }
}
