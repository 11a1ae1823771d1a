package io.pipely.http;

import java.util.List;
import java.util.Set;

/** Which pages of other origins may read the answers (WHATWG Fetch standard, CORS protocol). */
final class Cors {

  private static final String ANY = "*";
  private static final Header EXPOSED =
      new Header(
          "Access-Control-Expose-Headers",
          "Pipely-Error, Pipely-Event-Id, Pipely-Recipients, Retry-After, WWW-Authenticate");
  private static final Header ALLOWED_HEADERS =
      new Header(
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Last-Event-ID, Pipely-Token");
  private static final Header MAX_AGE = new Header("Access-Control-Max-Age", "86400");

  private final Set<String> origins;

  /** For all answers alike where every origin is allowed, which is the default. */
  private final List<Header> forAny =
      List.of(new Header("Access-Control-Allow-Origin", ANY), EXPOSED);

  Cors(Set<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** The headers of every answer. */
  List<Header> headers(Request request) {
    if (origins.contains(ANY)) {
      return forAny;
    }
    Header vary = new Header("Vary", "Origin"); // Or a cache would hand one origin's answer to all.
    String origin = request.header("Origin");
    return origin != null && origins.contains(origin)
        ? List.of(vary, new Header("Access-Control-Allow-Origin", origin), EXPOSED)
        : List.of(vary);
  }

  /** What the answer to a preflight has besides. */
  List<Header> preflight(String methods) {
    return List.of(new Header("Access-Control-Allow-Methods", methods), ALLOWED_HEADERS, MAX_AGE);
  }
}
