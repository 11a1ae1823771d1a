package io.pipely.http;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Join;
import io.pipely.Pipely;
import io.pipely.Receipt;
import io.pipely.Refusal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wire protocol over one {@link Pipely}: answers requests, whatever server they came in by.
 * Safe for use by several threads; blocks only where an authorizer does.
 */
public final class PipelyHttp {

  /**
   * How many of the longest bodies a channel must be able to keep: otherwise one of them would push
   * out what others have yet to see.
   */
  public static final int MIN_KEPT_BODIES = 4;

  /** How servers say of a request that it is not HTTP as they know it. */
  private static final Set<Integer> NOT_HTTP = Set.of(400, 417, 426, 501, 505);

  private final Pipely pipely;
  private final Replies replies;
  private final RefusalLog log = new RefusalLog(System::nanoTime);
  private final int maxBody;
  private final Limiter limiter;

  private PipelyHttp(Builder builder) {
    this.pipely = builder.pipely;
    this.replies = new Replies(new Cors(builder.allowedOrigins));
    this.limiter = builder.limiter;
    this.maxBody = builder.checkedMaxBody();
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

  /** For how long a client may take nothing of what it is sent: {@link Pipely#stall}. */
  public Duration stall() {
    return pipely.stall();
  }

  /** Whether a path is one of the protocol's; what is not is refused by {@link #handle}. */
  public boolean knows(String path) {
    return Route.of(path) != null;
  }

  /**
   * Whether {@link #handle} may take its time, since an application's {@link io.pipely.Authorizer}
   * is asked in it: then it is not to be called on a thread that many requests depend on.
   */
  public boolean mayBlock() {
    return pipely.hasAuthorizer();
  }

  /** Answers a request, now or later. */
  public void handle(Request request, Responder responder) {
    Route route = Route.of(request.path());
    if (route == null) {
      refuse(Refusal.UNKNOWN_ROUTE, request, responder);
    } else if (request.method().equals("OPTIONS")) {
      responder.reply(replies.preflight(request, route));
    } else if (!request.method().equals(route.method())) {
      refuse(Refusal.METHOD_NOT_ALLOWED, request, responder);
    } else {
      Duration wait = limiter.request(request.caller(), route == Route.SUBSCRIBE);
      if (!wait.isZero()) {
        holdBack(Refusal.RATE_LIMITED, wait, request, responder);
      } else if (request.body() == null) {
        refuse(Refusal.BODY_TOO_LARGE, request, responder);
      } else {
        handle(route, request, request.body(), responder);
      }
    }
  }

  /** Answers a request whose body has not arrived in time, which it need not have. */
  public void handleTimedOut(Request request, Responder responder) {
    refuse(Refusal.BODY_TOO_SLOW, request, responder);
  }

  /** Answers a request whose body is not what HTTP has for one, or breaks off. */
  public void handleMalformed(Request request, Responder responder) {
    refuse(Refusal.MALFORMED_REQUEST, request, responder);
  }

  /**
   * The answer to a request that a server refuses by itself, before there is a {@link Request} of
   * it: since its URI or its header fields are too long, or since it is not valid HTTP.
   *
   * @param status what the server would say
   * @param headers what is known of them
   * @return null where the server has another reason, and other words for it
   */
  public @Nullable Reply refusal(int status, Request.Headers headers) {
    Refusal why = NOT_HTTP.contains(status) ? Refusal.MALFORMED_REQUEST : null;
    for (Refusal tooLong : List.of(Refusal.URI_TOO_LONG, Refusal.HEADERS_TOO_LARGE)) {
      why = tooLong.status() == status ? tooLong : why;
    }
    if (why == null) {
      return null;
    }
    Request unread = new Request("", "", null, headers, null, null);
    return replies.refusal(unread, why, why.message());
  }

  private void handle(Route route, Request request, byte[] body, Responder responder) {
    try {
      switch (route) {
        case SUBSCRIBE -> subscribe(request, responder);
        case PUBLISH -> publish(request, body, responder);
        case LEAVE -> leave(request, body, responder);
        case CHANNEL -> channel(request, responder);
        case CHANNELS -> channels(request, responder);
        case CLIENT_FILE -> responder.reply(replies.clientFile(request));
      }
    } catch (BadRequest e) {
      refuse(e.refusal(), e.text(), request, responder);
    }
  }

  private void subscribe(Request request, Responder responder) throws BadRequest {
    Join join = SubscribeParser.parse(request);
    if (isHeldBack(join.channelId(), request, responder)) {
      return;
    }
    EventStream stream = new EventStream();
    Reply head = replies.stream(request);
    pipely.join(
        join,
        stream,
        stream.open(
            responder, head, why -> refuseAndCount(why, join.channelId(), request, responder)));
  }

  private void publish(Request request, byte[] body, Responder responder) throws BadRequest {
    PublishParser.Body read =
        PublishParser.parse(body, Authorization.of(request), request.caller());
    String channelId = read.publications().isEmpty() ? "" : read.publications().get(0).channelId();
    if (isHeldBack(channelId, request, responder)) {
      return;
    }
    pipely.publish(
        read.publications(),
        new Answer<List<Receipt>>() {
          @Override
          public void ok(List<Receipt> receipts) {
            responder.reply(replies.published(request, receipts));
          }

          @Override
          public void refused(Refusal why) {
            refuseAndCount(why, channelId, request, responder);
          }

          @Override
          public void refused(Refusal why, int index) {
            countWrongPassword(why, channelId, request);
            String message = read.isArray() ? index + ": " + why.message() : why.message();
            refuse(why, message, request, responder);
          }
        });
  }

  private void leave(Request request, byte[] body, Responder responder) throws BadRequest {
    LeaveParser.Body read = LeaveParser.parse(body);
    pipely.leave(
        read.channelId(),
        read.clientId(),
        read.token(),
        Answer.of(
            clientId -> responder.reply(replies.done(request)),
            why -> refuse(why, request, responder)));
  }

  private void channel(Request request, Responder responder) throws BadRequest {
    String inPath = Route.channelId(request.path());
    String inQuery = Query.parse(request.query()).get("channelId");
    String channelId = inPath != null ? inPath : inQuery == null ? "" : inQuery;
    if (isHeldBack(channelId, request, responder)) {
      return;
    }
    pipely.look(
        channelId,
        Authorization.of(request),
        request.caller(),
        Answer.<ChannelInfo>of(
            info -> responder.reply(replies.channel(request, info)),
            why -> refuseAndCount(why, channelId, request, responder)));
  }

  private void channels(Request request, Responder responder) {
    pipely.look(
        Authorization.of(request),
        Answer.<List<ChannelInfo>>of(
            infos -> responder.reply(replies.channels(request, infos)),
            why -> refuse(why, request, responder)));
  }

  /** Whether the caller has guessed too often, which it is told: a right guess would tell more. */
  private boolean isHeldBack(String channelId, Request request, Responder responder) {
    Duration wait = limiter.attempt(request.caller(), channelId);
    if (!wait.isZero()) {
      holdBack(Refusal.TOO_MANY_WRONG_PASSWORDS, wait, request, responder);
    }
    return !wait.isZero();
  }

  private void holdBack(Refusal why, Duration wait, Request request, Responder responder) {
    log.refused(why, request);
    responder.reply(replies.refusal(request, why, wait));
  }

  private void countWrongPassword(Refusal why, String channelId, Request request) {
    if (why == Refusal.WRONG_PASSWORD) {
      limiter.wrongPassword(request.caller(), channelId);
    }
  }

  private void refuseAndCount(Refusal why, String channelId, Request request, Responder responder) {
    countWrongPassword(why, channelId, request);
    refuse(why, request, responder);
  }

  private void refuse(Refusal why, Request request, Responder responder) {
    refuse(why, why.message(), request, responder);
  }

  private void refuse(Refusal why, String message, Request request, Responder responder) {
    log.refused(why, request);
    responder.reply(replies.refusal(request, why, message));
  }

  /** The options of the protocol. Not for use by several threads. */
  public static final class Builder {

    private static final int DEFAULT_MAX_BODY = 64 << 10;

    private final Pipely pipely;
    private Set<String> allowedOrigins = Set.of("*");
    private Limiter limiter = Limiter.NONE;
    private @Nullable Integer maxBody;

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
     * How many bytes of a request's body there may be: at most a quarter of what the {@link Pipely}
     * keeps of a channel, which {@link #build} checks. By default 64 KiB, or that quarter where it
     * is less.
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

    /** Holds callers back that ask too much; by default nobody is. */
    public Builder limiter(Limiter limiter) {
      this.limiter = Objects.requireNonNull(limiter, "limiter");
      return this;
    }

    /**
     * Makes it.
     *
     * @throws IllegalArgumentException where {@link #maxBody} is more than a quarter of what a
     *     channel keeps
     */
    public PipelyHttp build() {
      return new PipelyHttp(this);
    }

    private int checkedMaxBody() {
      int most = pipely.keepBytes() / MIN_KEPT_BODIES;
      if (maxBody == null) {
        return Math.max(1, Math.min(DEFAULT_MAX_BODY, most));
      }
      if (maxBody > most) {
        throw new IllegalArgumentException(
            "a channel must keep at least %d bytes, %d times a body's %d: %d"
                .formatted(
                    (long) MIN_KEPT_BODIES * maxBody,
                    MIN_KEPT_BODIES,
                    maxBody,
                    pipely.keepBytes()));
      }
      return maxBody;
    }
  }
}
