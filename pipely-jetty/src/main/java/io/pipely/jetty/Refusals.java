package io.pipely.jetty;

import io.pipely.http.PipelyHttp;
import io.pipely.http.Reply;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty refuses before any handler sees it, in the protocol's words, where it has words for
 * it; all else as Jetty says it.
 */
final class Refusals extends ErrorHandler {

  private final PipelyHttp http;

  Refusals(PipelyHttp http) {
    this.http = http;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Reply reply = http.refusal(response.getStatus(), request.getHeaders()::get);
    if (reply == null) {
      return super.handle(request, response, callback);
    }
    new JettyResponder(request, response, callback, false, http.stall()).reply(reply);
    return true;
  }
}
