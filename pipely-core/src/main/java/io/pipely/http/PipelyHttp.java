package io.pipely.http;

import io.pipely.Answer;
import io.pipely.Join;
import io.pipely.Pipely;
import io.pipely.Publication;
import io.pipely.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wire protocol over one {@link Pipely}: answers requests, whatever server they came in by.
 * Safe for use by several threads; never blocks.
 */
public final class PipelyHttp {

  private static final Header NOSNIFF = new Header("X-Content-Type-Options", "nosniff");
  private static final Header PLAIN = new Header("Content-Type", "text/plain; charset=utf-8");

  /** A proxy that buffers, or compresses, would hold events back. */
  private static final List<Header> STREAM =
      List.of(
          new Header("Content-Type", "text/event-stream"),
          new Header("Cache-Control", "no-cache, no-transform"),
          new Header("X-Accel-Buffering", "no"));

  private final Pipely pipely;
  private final Cors cors;
  private final int maxBody;

  private PipelyHttp(Builder builder) {
    this.pipely = builder.pipely;
    this.cors = new Cors(builder.allowedOrigins);
    this.maxBody = builder.maxBody;
  }

  /** With all options at their defaults. */
  public static PipelyHttp of(Pipely pipely) {
    return builder(pipely).build();
  }

  public static Builder builder(Pipely pipely) {
    return new Builder(pipely);
  }

  /** How many bytes of a request's body there may be. */
  public int maxBody() {
    return maxBody;
  }

  /** Whether a path is one of the protocol's; what is not is refused by {@link #handle}. */
  public boolean knows(String path) {
    return Route.of(path) != null;
  }

  /** Answers a request, now or later. */
  public void handle(Request request, Responder responder) {
    Route route = Route.of(request.path());
    if (route == null) {
      refuse(Refusal.UNKNOWN_ROUTE, request, responder);
    } else if (request.method().equals("OPTIONS")) {
      responder.reply(preflight(route, request));
    } else if (!request.method().equals(route.method())) {
      refuse(Refusal.METHOD_NOT_ALLOWED, request, responder);
    } else if (request.body() == null) {
      refuse(Refusal.BODY_TOO_LARGE, request, responder);
    } else {
      handle(route, request, request.body(), responder);
    }
  }

  private void handle(Route route, Request request, byte[] body, Responder responder) {
    try {
      switch (route) {
        case SUBSCRIBE -> subscribe(request, responder);
        case PUBLISH -> publish(request, body, responder);
        case CHANNELS, CHANNEL -> responder.reply(Reply.empty(200, cors.headers(request)));
      }
    } catch (BadRequest e) {
      responder.reply(refusal(e.refusal(), e.text(), request));
    }
  }

  private void subscribe(Request request, Responder responder) throws BadRequest {
    Query query = Query.parse(request.query());
    Join join =
        Join.of(orEmpty(query.get("channelId")), orEmpty(query.get("clientId")))
            .password(query.get("password"));
    Reply head = Reply.empty(200, concat(cors.headers(request), STREAM));
    EventStream stream = new EventStream();
    pipely.join(join, stream, stream.open(responder, head, why -> refuse(why, request, responder)));
  }

  private void publish(Request request, byte[] body, Responder responder) throws BadRequest {
    Publication publication = PublishParser.parse(body).password(Credentials.password(request));
    pipely.publish(
        publication,
        Answer.of(
            receipt -> responder.reply(Reply.empty(200, cors.headers(request))),
            why -> refuse(why, request, responder)));
  }

  private Reply preflight(Route route, Request request) {
    Header allow = new Header("Allow", route.methods());
    return Reply.empty(
        204,
        concat(concat(cors.headers(request), cors.preflight(route.methods())), List.of(allow)));
  }

  private void refuse(Refusal why, Request request, Responder responder) {
    responder.reply(refusal(why, why.message(), request));
  }

  private Reply refusal(Refusal why, String message, Request request) {
    List<Header> headers = new ArrayList<>(cors.headers(request));
    headers.add(PLAIN);
    headers.add(NOSNIFF);
    headers.add(new Header("Pipely-Error", why.word()));
    Route route = Route.of(request.path());
    if (why == Refusal.METHOD_NOT_ALLOWED && route != null) {
      headers.add(new Header("Allow", route.methods()));
    }
    if (why == Refusal.WRONG_PASSWORD) {
      headers.add(new Header("WWW-Authenticate", "Password realm=\"channel\""));
    }
    if (why.isTemporary()) {
      headers.add(new Header("Retry-After", "5"));
    }
    byte[] body = (message + "\n").getBytes(StandardCharsets.UTF_8);
    return new Reply(why.status(), headers, ByteBuffer.wrap(body));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<Header> concat(List<Header> first, List<Header> second) {
    List<Header> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** The options of the protocol. Not for use by several threads. */
  public static final class Builder {

    private final Pipely pipely;
    private Set<String> allowedOrigins = Set.of("*");
    private int maxBody = 64 << 10;

    private Builder(Pipely pipely) {
      this.pipely = Objects.requireNonNull(pipely, "pipely");
    }

    /**
     * The origins whose pages may use this server, such as {@code https://example.org}; {@code *},
     * the default, is any.
     */
    public Builder allowedOrigins(Collection<String> origins) {
      allowedOrigins = Set.copyOf(origins);
      return this;
    }

    /**
     * How many bytes of a request's body there may be; 64 KiB by default.
     *
     * @throws IllegalArgumentException below 1
     */
    public Builder maxBody(int bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes must be at least 1: " + bytes);
      }
      maxBody = bytes;
      return this;
    }

    public PipelyHttp build() {
      return new PipelyHttp(this);
    }
  }
}
