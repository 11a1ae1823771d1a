package io.pipely.http;

import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads a subscribe request: the query, and the headers, which win. */
final class SubscribeParser {

  private SubscribeParser() {}

  static Join parse(Request request) throws BadRequest {
    Query query = Query.parse(request.query());
    Join join =
        Join.of(orEmpty(query.get("channelId")), orEmpty(query.get("clientId")))
            .credentials(credentials(request, query))
            .lastEventId(firstOf(request.header("Last-Event-ID"), query.get("lastEventId")))
            .history(history(orEmpty(query.get("history"))))
            .caller(request.caller());
    String presence = orEmpty(query.get("presence"));
    return switch (presence) {
      case "" -> join;
      case "none" -> join.presence(false);
      default -> throw new BadRequest(Refusal.INVALID_PRESENCE, Refusal.INVALID_PRESENCE.message());
    };
  }

  private static Credentials credentials(Request request, Query query) {
    Credentials headers = Authorization.of(request);
    return headers
        .password(firstOf(headers.password(), query.get("password")))
        .token(firstOf(headers.token(), query.get("token")));
  }

  private static int history(String text) throws BadRequest {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new BadRequest(Refusal.INVALID_HISTORY, Refusal.INVALID_HISTORY.message());
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE; // More than a channel can keep need not be told apart.
    }
  }

  /** The first that is there and not empty. */
  private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
    return first == null || first.isEmpty() ? second : first;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
