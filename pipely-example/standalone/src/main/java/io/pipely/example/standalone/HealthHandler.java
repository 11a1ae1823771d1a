package io.pipely.example.standalone;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code GET /health}, for whoever watches over the process, or sends clients its way: it answers,
 * so it is well. While it shuts down it asks for no more clients, by 503.
 */
final class HealthHandler extends Handler.Abstract.NonBlocking {

  private static final String PATH = "/health";

  private volatile boolean isShuttingDown;

  /** From here on others are to be sent elsewhere. */
  void shutDown() {
    isShuttingDown = true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    boolean isGet = HttpMethod.GET.is(request.getMethod());
    if (!PATH.equals(Request.getPathInContext(request))
        || !(isGet || HttpMethod.HEAD.is(request.getMethod()))) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, MimeTypes.Type.TEXT_PLAIN_UTF_8.asString());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    String text = isShuttingDown ? "shutting down" : "ok";
    response.setStatus(isShuttingDown ? HttpStatus.SERVICE_UNAVAILABLE_503 : HttpStatus.OK_200);
    response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), callback);
    return true;
  }
}
