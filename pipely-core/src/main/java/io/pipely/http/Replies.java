package io.pipely.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pipely.ChannelInfo;
import io.pipely.Payload;
import io.pipely.Receipt;
import io.pipely.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is answered: statuses, headers, and the few bodies there are. */
final class Replies {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Header NOSNIFF = new Header("X-Content-Type-Options", "nosniff");
  private static final Header PLAIN = new Header("Content-Type", "text/plain; charset=utf-8");
  private static final Header JSON = new Header("Content-Type", "application/json");
  private static final Header NO_STORE = new Header("Cache-Control", "no-store");

  /** It is asked for each time, and sent only where it has changed. */
  private static final Header NO_CACHE = new Header("Cache-Control", "no-cache");

  /** A proxy that buffers, or compresses, would hold events back. */
  private static final List<Header> STREAM =
      List.of(
          new Header("Content-Type", "text/event-stream"),
          new Header("Cache-Control", "no-cache, no-transform"),
          new Header("X-Accel-Buffering", "no"));

  /** Characters are written as such, as events have them, not as escapes. */
  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
              .build());

  private final Cors cors;

  Replies(Cors cors) {
    this.cors = cors;
  }

  Reply stream(Request request) {
    return Reply.empty(200, headers(request, STREAM));
  }

  Reply done(Request request) {
    return Reply.empty(200, cors.headers(request));
  }

  Reply published(Request request, List<Receipt> receipts) {
    Header id = new Header("Pipely-Event-Id", receipts.get(receipts.size() - 1).eventId());
    String recipients =
        receipts.stream()
            .map(receipt -> String.valueOf(receipt.recipients()))
            .collect(Collectors.joining(","));
    return Reply.empty(
        200, headers(request, List.of(id, new Header("Pipely-Recipients", recipients))));
  }

  /** One channel, with its members. */
  Reply channel(Request request, ChannelInfo info) {
    return json(request, json(info, info.clients()));
  }

  /** All channels, with how many members each has. */
  Reply channels(Request request, List<ChannelInfo> infos) {
    return json(request, infos.stream().map(info -> json(info, info.clients().size())).toList());
  }

  private static Map<String, Object> json(ChannelInfo info, Object clients) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("channel_id", info.channelId());
    fields.put("protected", info.isProtected());
    fields.put("clients", clients);
    return fields;
  }

  private Reply json(Request request, Object value) {
    ByteBuffer body = ByteBuffer.wrap(bytes(value));
    return new Reply(200, headers(request, List.of(JSON, NO_STORE, NOSNIFF)), body);
  }

  private static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists and strings can be written", e);
    }
  }

  Reply clientFile(Request request) {
    ClientFile file = Objects.requireNonNull(ClientFile.at(request.path()), "it has a route");
    if (file.isNamedBy(request.header("If-None-Match"))) {
      return Reply.empty(304, headers(request, List.of(file.tag(), NO_CACHE)));
    }
    List<Header> headers = List.of(ClientFile.TYPE, file.tag(), NO_CACHE, NOSNIFF);
    return new Reply(200, headers(request, headers), file.content());
  }

  Reply preflight(Request request, Route route) {
    List<Header> headers = headers(request, cors.preflight(route.methods()));
    headers.add(new Header("Allow", route.methods()));
    return Reply.empty(204, headers);
  }

  Reply refusal(Request request, Refusal why, String message) {
    return refusal(request, why, message, SOON);
  }

  /** What may succeed when some time has passed. */
  Reply refusal(Request request, Refusal why, Duration wait) {
    return refusal(request, why, why.message(), wait);
  }

  private Reply refusal(Request request, Refusal why, String message, Duration wait) {
    if (Route.of(request.path()) == Route.SUBSCRIBE && why != Refusal.METHOD_NOT_ALLOWED) {
      // An EventSource shows no status, and any other than 200 is the end of it.
      if (why == Refusal.SHUTTING_DOWN || why == Refusal.STORE_UNAVAILABLE) {
        return new Reply(200, headers(request, STREAM), Sse.shutDown());
      }
      Query query = Query.readable(request.query());
      if ("event".equals(query.get("errors"))) {
        return refusedStream(request, query.get("channelId"), why, message);
      }
    }
    List<Header> headers = headers(request, List.of(PLAIN, NOSNIFF));
    headers.add(new Header("Pipely-Error", why.word()));
    Route route = Route.of(request.path());
    if (why == Refusal.METHOD_NOT_ALLOWED && route != null) {
      headers.add(new Header("Allow", route.methods()));
    }
    if (why == Refusal.WRONG_PASSWORD) {
      headers.add(new Header("WWW-Authenticate", "Password realm=\"channel\""));
    }
    if (why.isTemporary()) {
      headers.add(retryAfter(wait));
    }
    byte[] body = (message + "\n").getBytes(StandardCharsets.UTF_8);
    return new Reply(why.status(), headers, ByteBuffer.wrap(body));
  }

  /** Whole seconds (RFC 9110, 10.2.3), rounded up, so that nobody comes back too early. */
  private static Header retryAfter(Duration wait) {
    return new Header("Retry-After", String.valueOf(wait.plusNanos(999_999_999).toSeconds()));
  }

  private Reply refusedStream(
      Request request, @Nullable String channelId, Refusal why, String message) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("status", why.status());
    payload.put("error", why.word());
    payload.put("message", message);
    List<Header> headers = headers(request, STREAM);
    headers.add(new Header("Pipely-Error", why.word()));
    ByteBuffer frame =
        Sse.refused(channelId == null ? "" : channelId, Payload.ofValidJson(bytes(payload)));
    return new Reply(200, headers, frame);
  }

  private List<Header> headers(Request request, List<Header> more) {
    List<Header> all = new ArrayList<>(cors.headers(request));
    all.addAll(more);
    return all;
  }
}
