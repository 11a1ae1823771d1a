package io.pipely.jetty;

import io.pipely.http.Header;
import io.pipely.http.Reply;
import io.pipely.http.Responder;
import io.pipely.http.Sink;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers one request. */
final class JettyResponder implements Responder {

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final boolean isTakeOver;
  private final Duration stall;

  JettyResponder(
      Request request, Response response, Callback callback, boolean isTakeOver, Duration stall) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.isTakeOver = isTakeOver;
    this.stall = stall;
  }

  @Override
  public void reply(Reply reply) {
    head(reply);
    response.write(true, reply.body().duplicate(), callback);
  }

  @Override
  public Sink stream(Reply head, Runnable gone) {
    head(head);
    return isTakeOver && TakenOverSink.isPossible(request, response)
        ? TakenOverSink.open(request, response, callback, stall, gone)
        : ResponseSink.open(request, response, callback, stall, gone);
  }

  private void head(Reply reply) {
    response.setStatus(reply.status());
    for (Header header : reply.headers()) {
      response.getHeaders().add(header.name(), header.value());
    }
  }
}
