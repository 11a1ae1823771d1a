package io.pipely.jetty;

import io.pipely.Pipely;
import io.pipely.http.PipelyHttp;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Pipely as a handler of a Jetty server, at the root or below a context. A request whose path is
 * not one of the protocol's goes to the wrapped handler, where there is one, and is refused
 * otherwise.
 *
 * <p>Event streams over HTTP/1 are taken over: once the head of the answer is written, Jetty's HTTP
 * layers let go of the connection, and events are written to it directly. For the request log such
 * a request ends with its head. {@code ConnectionStatistics} and {@code NetworkConnectionLimit} go
 * on counting the connection, and a {@code GracefulHandler} does not wait for it. Where a handler
 * around this one wraps the response, as {@code StatisticsHandler} and {@code GzipHandler} do, the
 * stream stays with Jetty's layers, as it does over HTTP/2. {@link #setTakeOver} turns it off.
 */
public final class PipelyHandler extends Handler.Wrapper {

  /** That of the protocol. */
  static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

  private final PipelyHttp http;
  private boolean isTakeOver = true;
  private Duration bodyTimeout = BODY_TIMEOUT;

  /** With the protocol's options at their defaults. */
  public PipelyHandler(Pipely pipely) {
    this(PipelyHttp.of(pipely));
  }

  public PipelyHandler(PipelyHttp http) {
    this.http = Objects.requireNonNull(http, "http");
  }

  /**
   * Whether event streams over HTTP/1 may be taken over, true by default. Where they are not, each
   * costs more, and a client that has gone is noticed no sooner than when something is written.
   */
  public void setTakeOver(boolean isTakeOver) {
    this.isTakeOver = isTakeOver;
  }

  /**
   * How long the body of a request may take from when its head has arrived, 30 s by default; one
   * that takes longer is refused, and its connection closed. Jetty's idle timeout, where it is
   * shorter, has the same effect on a body of which nothing comes at all.
   *
   * @throws IllegalArgumentException where it is not positive
   */
  public void setBodyTimeout(Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("time must be positive: " + time);
    }
    bodyTimeout = time;
  }

  /** On a selector's thread where that is possible; an authorizer may block, and needs another. */
  @Override
  public InvocationType getInvocationType() {
    return http.mayBlock() ? InvocationType.BLOCKING : super.getInvocationType();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = URIUtil.decodePath(Request.getPathInContext(request));
    if (!http.knows(path) && super.handle(request, response, callback)) {
      return true;
    }
    if (request.getLength() > http.maxBody()) {
      answer(request, path, null, response, callback);
      return true;
    }
    BodyDeadline deadline = new BodyDeadline(request);
    BodyReader.read(
        request,
        http.maxBody(),
        Promise.Invocable.from(
            getInvocationType(),
            body -> {
              if (deadline.isMet()) {
                answer(request, path, body, response, callback);
              } else {
                timedOut(request, path, response, callback);
              }
            },
            failure -> {
              deadline.isMet(); // There is nothing more to wait for.
              failed(request, path, failure, response, callback);
            }));
    deadline.start(bodyTimeout);
    return true;
  }

  private void answer(
      Request request, String path, byte @Nullable [] body, Response response, Callback callback) {
    http.handle(
        of(request, path, body),
        new JettyResponder(request, response, callback, isTakeOver, http.stall()));
  }

  private void timedOut(Request request, String path, Response response, Callback callback) {
    http.handleTimedOut(
        of(request, path, null),
        new JettyResponder(request, response, callback, false, http.stall()));
  }

  private static io.pipely.http.Request of(Request request, String path, byte @Nullable [] body) {
    return new io.pipely.http.Request(
        request.getMethod(),
        path,
        request.getHttpURI().getQuery(),
        request.getHeaders()::get,
        body,
        Request.getRemoteAddr(request));
  }

  /** Of what failed, only the body's length and its time are the protocol's affair. */
  private void failed(
      Request request, String path, Throwable failure, Response response, Callback callback) {
    if (failure instanceof IllegalStateException) { // It is too long.
      answer(request, path, null, response, callback);
    } else if (failure instanceof TimeoutException) { // The deadline's, or that of idleness.
      timedOut(request, path, response, callback);
    } else if (failure instanceof HttpException) {
      http.handleMalformed(
          of(request, path, null),
          new JettyResponder(request, response, callback, false, http.stall()));
    } else {
      callback.failed(failure);
    }
  }
}
