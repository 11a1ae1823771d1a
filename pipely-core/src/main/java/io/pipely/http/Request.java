package io.pipely.http;

import io.pipely.Caller;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request as an adapter hands it over: nothing decoded, nothing decided. Read only until it is
 * answered.
 */
public final class Request {

  /** Gives a header's value by its name, in any case; the first where there are several. */
  @FunctionalInterface
  public interface Headers {
    @Nullable String get(String name);
  }

  private final String method;
  private final String path;
  private final @Nullable String query;
  private final Headers headers;
  private final byte @Nullable [] body;
  private final Caller caller;

  /**
   * A request.
   *
   * @param path below the place where Pipely is mounted, with its leading slash, percent-decoded
   * @param query as it was sent, without the question mark; null where there is none
   * @param body empty where there is none; null where it is longer than {@link PipelyHttp#maxBody},
   *     of which an adapter reads no more than needed to know
   * @param remoteAddress the IP address that it came from, as text; null where it is not known
   */
  public Request(
      String method,
      String path,
      @Nullable String query,
      Headers headers,
      byte @Nullable [] body,
      @Nullable String remoteAddress) {
    this.method = Objects.requireNonNull(method, "method");
    this.path = Objects.requireNonNull(path, "path");
    this.query = query;
    this.headers = Objects.requireNonNull(headers, "headers");
    this.body = body;
    this.caller = new Sender(headers, remoteAddress);
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  @Nullable String query() {
    return query;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  byte @Nullable [] body() {
    return body;
  }

  Caller caller() {
    return caller;
  }

  private record Sender(Headers headers, @Nullable String address) implements Caller {
    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }
}
