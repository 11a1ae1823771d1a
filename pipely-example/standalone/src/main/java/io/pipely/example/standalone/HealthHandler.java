package io.pipely.example.standalone;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code GET /health}, for whoever watches over the process: it answers, so it is well. */
final class HealthHandler extends Handler.Abstract.NonBlocking {

  private static final String PATH = "/health";

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    boolean isGet = HttpMethod.GET.is(request.getMethod());
    if (!PATH.equals(Request.getPathInContext(request))
        || !(isGet || HttpMethod.HEAD.is(request.getMethod()))) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, MimeTypes.Type.TEXT_PLAIN_UTF_8.asString());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.US_ASCII)), callback);
    return true;
  }
}
