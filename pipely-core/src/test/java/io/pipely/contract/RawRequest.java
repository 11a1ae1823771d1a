package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that is sent byte for byte as it is written here: no library in between that would
 * repair, refuse or encode anything. Immutable.
 */
public final class RawRequest {

  private final String method;
  private final String target;
  private final String version;
  private final List<Line> headers;
  private final byte[] body;

  private record Line(String name, byte[] value) {}

  private RawRequest(
      String method, String target, String version, List<Line> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.version = version;
    this.headers = headers;
    this.body = body;
  }

  /**
   * A request without a body and with no header but {@code Host}.
   *
   * @param target path and query as they are to be sent, one byte for each character, below the
   *     place where Pipely is mounted
   */
  public static RawRequest of(String method, String target) {
    return new RawRequest(method, target, "HTTP/1.1", List.of(), new byte[0]);
  }

  public static RawRequest get(String target) {
    return of("GET", target);
  }

  public static RawRequest subscribe(String channelId, String clientId) {
    return get("/subscribe?channelId=" + encoded(channelId) + "&clientId=" + encoded(clientId));
  }

  public static RawRequest subscribe(String channelId, String clientId, String password) {
    RawRequest open = subscribe(channelId, clientId);
    return get(open.target + "&password=" + encoded(password));
  }

  /** A request to leave, which has all its secrets in the body. */
  public static RawRequest leave(String channelId, String clientId, String token) {
    String body =
        "{\"channel_id\":"
            + Events.quoted(channelId)
            + ",\"client_id\":"
            + Events.quoted(clientId)
            + ",\"token\":"
            + Events.quoted(token)
            + "}";
    return leave(body);
  }

  public static RawRequest leave(String body) {
    return of("POST", "/leave").body(body.getBytes(StandardCharsets.UTF_8));
  }

  public static RawRequest publish(String body) {
    return publish(body.getBytes(StandardCharsets.UTF_8));
  }

  public static RawRequest publish(byte[] body) {
    return of("POST", "/publish").body(body);
  }

  /** Path and query, below the place where Pipely is mounted. */
  public String target() {
    return target;
  }

  /** The same with one more parameter in its query. */
  public RawRequest parameter(String name, String value) {
    String separator = target.contains("?") ? "&" : "?";
    String longer = target + separator + name + "=" + encoded(value);
    return new RawRequest(method, longer, version, headers, body);
  }

  /** The same with a body of known length. */
  public RawRequest body(byte[] bytes) {
    return new RawRequest(method, target, version, headers, bytes)
        .header("Content-Length", String.valueOf(bytes.length));
  }

  /** The same with a body of no known length, in several chunks (RFC 9112, 7.1). */
  public RawRequest chunkedBody(byte[] bytes) {
    return new RawRequest(method, target, version, headers, chunked(bytes))
        .header("Transfer-Encoding", "chunked");
  }

  /** The same with one more header, its value as UTF-8. */
  public RawRequest header(String name, String value) {
    return header(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with one more header of any bytes. */
  public RawRequest header(String name, byte[] value) {
    List<Line> more = new ArrayList<>(headers);
    more.add(new Line(name, value));
    return new RawRequest(method, target, version, more, body);
  }

  /** The same with the channel's password. */
  public RawRequest password(String password) {
    return header("Authorization", "Password " + password);
  }

  /** The same with the key of the server. */
  public RawRequest serverKey(String key) {
    return header("Authorization", "Bearer " + key);
  }

  /** The same with a member's token. */
  public RawRequest token(String token) {
    return header("Pipely-Token", token);
  }

  /** The same as a browser says it that comes back. */
  public RawRequest lastEventId(String id) {
    return header("Last-Event-ID", id);
  }

  /** The same as an HTTP/1.0 client says it. */
  public RawRequest http10() {
    return new RawRequest(method, target, "HTTP/1.0", headers, body);
  }

  String method() {
    return method;
  }

  /** All bytes to be sent to a server. */
  public byte[] bytes(URI server) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, method + " " + mount(server) + target + " " + version + "\r\n");
    write(out, "Host: " + server.getAuthority() + "\r\n");
    for (Line header : headers) {
      write(out, header.name() + ": ");
      out.writeBytes(header.value());
      write(out, "\r\n");
    }
    write(out, "\r\n");
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** What a form, and so the query of a browser, makes of a text. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return method + " " + target;
  }

  private static String mount(URI server) {
    String path = server.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static byte[] chunked(byte[] bytes) {
    int most = 10_000;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < bytes.length; from += most) {
      int length = Math.min(most, bytes.length - from);
      write(out, Integer.toHexString(length) + "\r\n");
      out.write(bytes, from, length);
      write(out, "\r\n");
    }
    write(out, "0\r\n\r\n");
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
