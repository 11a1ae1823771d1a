package io.pipely.servlet;

import io.pipely.http.Header;
import io.pipely.http.Reply;
import io.pipely.http.Responder;
import io.pipely.http.Sink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request. */
final class ServletResponder implements Responder {

  private static final Logger LOG = LoggerFactory.getLogger(ServletResponder.class);

  private final AsyncContext context;
  private final HttpServletResponse response;

  ServletResponder(AsyncContext context, HttpServletResponse response) {
    this.context = context;
    this.response = response;
  }

  /**
   * What fits into the container's buffer, as nearly all does, is written at once. The rest would
   * hold up whoever brings the answer until the client takes it.
   */
  @Override
  public void reply(Reply reply) {
    ByteBuffer body = reply.body();
    head(reply);
    response.setContentLength(body.remaining());
    if (body.remaining() > response.getBufferSize()) {
      open(() -> {}).end(body);
      return;
    }
    try {
      response
          .getOutputStream()
          .write(body.array(), body.arrayOffset() + body.position(), body.remaining());
    } catch (IOException e) {
      LOG.debug("a client has gone before its answer", e);
    } finally {
      context.complete();
    }
  }

  @Override
  public Sink stream(Reply head, Runnable gone) {
    head(head);
    return open(gone);
  }

  private Sink open(Runnable gone) {
    try {
      return ServletSink.open(context, response.getOutputStream(), gone);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head(Reply reply) {
    response.setStatus(reply.status());
    for (Header header : reply.headers()) {
      response.addHeader(header.name(), header.value());
    }
  }
}
