package io.pipely.servlet;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.config.TextOptions;
import io.pipely.http.PipelyHttp;
import io.pipely.http.Request;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pipely as a servlet: asynchronous, non-blocking, under any path. It needs {@code
 * async-supported}, and so does every filter in front of it. A mapping such as {@code /pipely/*}
 * puts the protocol's routes below that path; {@code /*} or {@code /} puts them at the context's
 * root.
 *
 * <p>Made without arguments, as by {@code web.xml}, it has a {@link Pipely} of its own, closed when
 * the servlet is destroyed, for which streams that are slow are waited for 10 s at most. Its
 * options are init-params, each with the default of its builder:
 *
 * <ul>
 *   <li>{@code serverKey}, {@code strictOrigins} ({@code true} or {@code false})
 *   <li>{@code allowedOrigins}: {@code *}, or a comma-separated list
 *   <li>{@code maxBody}, {@code keepBytes}: such as {@code 65536}, {@code 64KiB}, {@code 1MiB}
 *   <li>{@code maxMembers}, {@code maxChannels}
 *   <li>{@code keepTime}, {@code grace}, {@code heartbeat}, {@code stall}: such as {@code 500ms},
 *       {@code 10s}, {@code 2m}
 * </ul>
 *
 * <p>An application that also wants to publish gives a {@link Pipely}, with the options that it was
 * built with: it closes it itself.
 *
 * <p>Most containers notice only by writing that a client has gone, so it may take two heartbeats.
 */
public class PipelyServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** How long streams are waited for that have yet to take what was published. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private transient @Nullable PipelyHttp http;
  private transient @Nullable Pipely own;

  /** With a {@link Pipely} of its own, whose options are the init-params. */
  public PipelyServlet() {}

  /** With the protocol's options at their defaults. */
  public PipelyServlet(Pipely pipely) {
    this(PipelyHttp.of(pipely));
  }

  public PipelyServlet(PipelyHttp http) {
    this.http = Objects.requireNonNull(http, "http");
  }

  /**
   * Starts.
   *
   * @throws ServletException where the servlet is registered without async support, or an
   *     init-param is unknown or wrong
   */
  @Override
  public void init() throws ServletException {
    if (AsyncSupport.isKnownMissing(getServletConfig())) {
      throw new ServletException(
          "PipelyServlet '"
              + getServletName()
              + "' is registered without async support, which its streams need:"
              + " add <async-supported>true</async-supported> to its <servlet> in web.xml,"
              + " or call setAsyncSupported(true) on its registration");
    }
    if (http == null) {
      start(InitParams.of(getServletConfig()));
    } else {
      InitParams.refuseAny(getServletConfig());
    }
  }

  private void start(TextOptions options) {
    PipelyBuilder builder = Pipely.builder();
    options.applyTo(builder);
    own = builder.build();
    PipelyHttp.Builder protocol = PipelyHttp.builder(own);
    options.applyTo(protocol);
    http = protocol.build();
  }

  @Override
  public void destroy() {
    if (own != null) {
      own.close(DRAIN);
      own = null;
      http = null; // A container may start the same instance again.
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!request.isAsyncSupported()) {
      throw new ServletException(
          "PipelyServlet: a filter in front of it is registered without async support;"
              + " add <async-supported>true</async-supported> to it");
    }
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    ServletResponder responder = new ServletResponder(context, response);
    BodyReader.read(
        request,
        started().maxBody(),
        body -> started().handle(request(request, body), responder),
        () -> started().handleMalformed(request(request, null), responder));
  }

  private static Request request(HttpServletRequest request, byte @Nullable [] body) {
    return new Request(
        request.getMethod(),
        path(request),
        request.getQueryString(),
        request::getHeader,
        body,
        request.getRemoteAddr());
  }

  /** Mapped to a prefix, the rest of the path; mapped to the root or to one route, all of it. */
  private static String path(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest != null ? rest : request.getServletPath();
  }

  private PipelyHttp started() {
    if (http == null) {
      throw new IllegalStateException("the servlet was not initialised");
    }
    return http;
  }
}
