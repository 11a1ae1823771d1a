package io.pipely.jetty;

import io.pipely.http.PipelyHttp;
import io.pipely.http.Reply;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty refuses since it is not HTTP as it should be, in the protocol's words; all else as
 * Jetty says it, but without the query, which may have secrets.
 */
final class Refusals extends ErrorHandler {

  private final PipelyHttp http;

  Refusals(PipelyHttp http) {
    this.http = http;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Reply reply =
        request.getAttribute(ERROR_EXCEPTION) instanceof HttpException
            ? http.refusal(response.getStatus(), request.getHeaders()::get)
            : null;
    if (reply == null) {
      return super.handle(withoutQuery(request), response, callback);
    }
    new JettyResponder(request, response, callback, false, http.stall()).reply(reply);
    return true;
  }

  private static Request withoutQuery(Request request) {
    HttpURI uri = HttpURI.build(request.getHttpURI()).query(null).asImmutable();
    return new Request.Wrapper(request) {
      @Override
      public HttpURI getHttpURI() {
        return uri;
      }
    };
  }
}
