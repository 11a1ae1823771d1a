package io.pipely.contract;

import static io.pipely.contract.RawCase.refused;
import static io.pipely.contract.RawCase.served;
import static io.pipely.contract.RawCase.shown;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests that are not, or hardly, what RFC 9110 and 9112 call one. */
final class SyntaxCorpus extends RawCorpus {

  /** The answer to the request that most of these resemble. */
  private static final String NEEDS_KEY = "403";

  SyntaxCorpus(URI server) {
    super(server);
  }

  private String with(String header) {
    return publish(header + LINE_END + length(event(GOOD)), event(GOOD));
  }

  List<RawCase> lines() {
    String good = publish(GOOD);
    List<RawCase> cases = new ArrayList<>();
    cases.add(served("an empty one ahead", LINE_END + good, "200").orRefused());
    cases.add(refused("all end with LF", good.replace(LINE_END, "\n")).or("200"));
    cases.add(refused("the first ends with LF", good.replaceFirst(LINE_END, "\n")).or("200"));
    cases.add(refused("a header ends with LF", with("X: y\nZ: z")).or("200"));
    cases.add(refused("the last ends with LF", good.replace("\r\n\r\n", "\r\n\n")).or("200"));
    cases.add(refused("all end with CR", good.replace(LINE_END, "\r")));
    cases.add(refused("a header ends with CR CR LF", with("X: y\r")));
    cases.add(refused("a header ends with CR", with("X: y\rZ: z")));
    cases.add(refused("a header is folded", with("X: y\r\n z")).or("200"));
    cases.add(refused("a header is folded, with a tab", with("X: y\r\n\tz")).or("200"));
    cases.add(refused("a space is ahead of the headers", good.replace("Host", " Host")));
    for (String bad :
        List.of(
            "no colon",
            ": no name",
            "X : y",
            "X\t: y",
            "X Y: z",
            "X\0: y",
            "X\u0001: y",
            "X\u007f: y",
            "\u00e4: y",
            "X(y): z",
            "{x}: y",
            "\"x\": y",
            "X: a\0b",
            "X: a\u0001b",
            "X: a\u000bb",
            "X: a\u007fb",
            "X: a\u001b[2J")) {
      cases.add(refused("a header '" + shown(bad) + "'", with(bad)));
    }
    for (String good2 :
        List.of("X:", "X:y", "X: \u00e4", "X: \t y \t", "X: a\tb", "!#$%&'*+.^_`|~: y")) {
      cases.add(served("a header '" + shown(good2) + "'", with(good2), "200"));
    }
    return cases;
  }

  List<RawCase> requestLines() {
    List<RawCase> cases = new ArrayList<>();
    for (String bad :
        List.of(
            "GET",
            "GET ",
            " " + CHANNELS,
            CHANNELS + " ",
            CHANNELS + " X",
            "GET $MOUNT/chan nels HTTP/1.1",
            "G{}T $MOUNT/channels HTTP/1.1",
            "G\0T $MOUNT/channels HTTP/1.1",
            "G\u00e4T $MOUNT/channels HTTP/1.1",
            "{\"channel_id\":1} $MOUNT/channels HTTP/1.1",
            "GET $MOUNT/channels HTTP/1.0.1",
            "GET $MOUNT/channels HTTP/1",
            "GET $MOUNT/channels HTTP/1.",
            "GET $MOUNT/channels HTTP/11",
            "GET $MOUNT/channels HTTP/1.1.1",
            "GET $MOUNT/channels HTTP/1.10",
            "GET $MOUNT/channels HTTP/01.1",
            "GET $MOUNT/channels HTTP/-1.1",
            "GET $MOUNT/channels HTTP /1.1",
            "GET $MOUNT/channels XTTP/1.1",
            "GET $MOUNT/channels HTTPS/1.1",
            "GET $MOUNT/channels HTTP/0.9",
            "GET $MOUNT/channels HTTP/1.2",
            "GET $MOUNT/channels HTTP/2",
            "GET $MOUNT/channels HTTP/2.0",
            "GET $MOUNT/channels HTTP/3.0",
            "CONNECT other.example:443 HTTP/1.1",
            "CONNECT $MOUNT/channels HTTP/1.1",
            "CONNECT http://other.example/ HTTP/1.1",
            "TRACE * HTTP/1.1")) {
      cases.add(refused(shown(bad), request(bad, "", "")));
    }
    // Tomcat takes a tab for a space, and no version for HTTP/0.9, whose answers have no head.
    cases.add(refused("tabs", request("GET\t$MOUNT/channels\tHTTP/1.1", "", "")).or(NEEDS_KEY));
    cases.add(refused("HTTP/0.9", filled("GET $MOUNT/channels\r\n\r\n")).or("0.9"));
    cases.add(refused("no target", request("GET  HTTP/1.1", "", "")).or("0.9"));
    for (String lax :
        List.of(
            "GET  $MOUNT/channels HTTP/1.1",
            "GET $MOUNT/channels  HTTP/1.1",
            "GET $MOUNT/channels http/1.1")) {
      cases.add(served(lax, request(lax, "", ""), NEEDS_KEY).orRefused());
    }
    for (String method : List.of("get", "X", "TRACE", "PROPFIND", "CONNECTED")) {
      cases.add(served(method, request(method + " $MOUNT/channels HTTP/1.1", "", ""), "405"));
    }
    cases.add(served("TRACE of nothing", request("TRACE / HTTP/1.1", "", ""), "404").or("405"));
    cases.add(
        refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
    cases.add(refused("TLS", "\26\3\1\2\0\1\0\1\374\3\3" + "\u00e9".repeat(500)));
    String kibibytes17 = "X".repeat(17 << 10);
    cases.add(
        refused(
            "a method of 17 KiB",
            request(kibibytes17 + " $MOUNT/channels HTTP/1.1", "", ""),
            "431"));
    cases.add(
        refused(
            "a target of 17 KiB",
            request("GET $MOUNT/channels?" + kibibytes17 + " HTTP/1.1", "", ""),
            "414"));
    cases.add(refused("a version of 17 KiB", request(CHANNELS + kibibytes17, "", ""), "431"));
    return cases;
  }

  List<RawCase> targets() {
    List<RawCase> cases = new ArrayList<>();
    for (String bad :
        List.of(
            "$MOUNT/channels\0",
            "$MOUNT/channels\u0001",
            "$MOUNT/channels\u007f",
            "$MOUNT/chann\u00e4ls",
            "$MOUNT/channels%00",
            "$MOUNT/channels%",
            "$MOUNT/channels%zz",
            "$MOUNT/channels%c0%ae",
            "$MOUNT/channels%0d%0aX:",
            "$MOUNT\\channels",
            "$MOUNT/channels%5c",
            "$MOUNT/channels%2f",
            "$MOUNT/channels%25",
            "$MOUNT/channels#x",
            "$MOUNT/channels?x=\0",
            "$MOUNT/channels?x=y z",
            "channels",
            "?x",
            "*",
            "other.example:80",
            "http:///channels",
            "http:channels",
            "http://other.example$MOUNT/channels",
            "//$HOST$MOUNT/channels",
            "//other.example$MOUNT/channels",
            "$MOUNT/../../../channels")) {
      cases.add(refused(shown(bad), get(bad)));
    }
    // Who takes these for a path of ours, or for none, has no other idea of whose request it is.
    for (String ambiguous :
        List.of(
            "$MOUNT//channels",
            "$MOUNT/x/%2e%2e/channels",
            "$MOUNT/;x/channels",
            "http://user:word@$HOST$MOUNT/channels")) {
      cases.add(refused(ambiguous, get(ambiguous)).or(NEEDS_KEY));
    }
    for (String odd :
        List.of(
            "http://$HOST$MOUNT/channels",
            "HTTP://$HOST$MOUNT/channels",
            "https://$HOST$MOUNT/channels",
            "ftp://$HOST$MOUNT/channels",
            "$MOUNT/./channels",
            "$MOUNT/x/../channels",
            "$MOUNT/%63hannels",
            "$MOUNT/channels;x=y",
            "$MOUNT/channels?x=\"<>{}|^`")) {
      cases.add(served(odd, get(odd), NEEDS_KEY).orRefused());
    }
    cases.add(served("an escaped ;", get("$MOUNT/channels%3bx"), "404").orRefused());
    cases.add(served("an escaped ?", get("$MOUNT/channels%3fx"), "404").orRefused());
    cases.add(served("OPTIONS *", request("OPTIONS * HTTP/1.1", "", ""), "404").or("200"));
    return cases;
  }

  private String get(String target) {
    return request("GET " + target + " HTTP/1.1", "", "");
  }

  List<RawCase> headers() {
    List<RawCase> cases = new ArrayList<>();
    cases.add(refused("no Host", filled(CHANNELS + "\r\n\r\n")));
    cases.add(
        served("no Host in HTTP/1.0", filled("GET $MOUNT/channels HTTP/1.0\r\n\r\n"), NEEDS_KEY));
    cases.add(refused("Host twice the same", request(CHANNELS, "Host: $HOST", "")));
    cases.add(refused("two hosts", request(CHANNELS, "Host: other.example", "")));
    for (String host :
        List.of(
            "a b",
            "a,b",
            "a/b",
            "a@b",
            "a:b",
            "a:-1",
            "a:80:80",
            ":80",
            "[::1",
            "[::1]x",
            "a\0b",
            "a\u00e4b",
            "http://a",
            "a?b",
            "a#b")) {
      cases.add(refused("Host: " + shown(host), withHost(host)));
    }
    for (String host : List.of("", "a:99999")) {
      cases.add(refused("Host: " + host, withHost(host)).or(NEEDS_KEY));
    }
    for (String host : List.of("..", "a".repeat(300), "[::1]:80", "127.1", "other.example")) {
      cases.add(served("Host: " + shown(host), withHost(host), NEEDS_KEY).orRefused());
    }
    String kibibytes17 = "X".repeat(17 << 10);
    cases.add(refused("17 KiB", request(CHANNELS, "X: " + kibibytes17, ""), "431"));
    cases.add(refused("a name of 17 KiB", request(CHANNELS, kibibytes17 + ": y", ""), "431"));
    cases.add(
        served("1,000 of them", request(CHANNELS, several(1_000), ""), NEEDS_KEY).orRefused());
    cases.add(refused("3,000 of them", request(CHANNELS, several(3_000), ""), "431"));
    expectations(cases);
    String upgrade = "Connection: Upgrade, HTTP2-Settings" + LINE_END;
    cases.add(
        served(
            "Upgrade: h2c",
            request(CHANNELS, upgrade + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA", ""),
            NEEDS_KEY));
    cases.add(
        served(
            "Upgrade: websocket",
            request(
                CHANNELS,
                upgrade
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13"
                    + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                ""),
            NEEDS_KEY));
    cases.add(refused("Upgrade alone", request(CHANNELS, "Upgrade: x", "")).or(NEEDS_KEY));
    // These mean nothing here: a body is JSON whatever is said about it.
    for (String other :
        List.of(
            "Content-Encoding: gzip",
            "Content-Type: multipart/form-data",
            "Content-Type: text/plain; charset=\"x",
            "Connection: Content-Length, Transfer-Encoding, Host",
            "X-HTTP-Method-Override: DELETE",
            "Range: bytes=0-1",
            "Accept: ;;q=x, */*/*",
            "Accept-Encoding: \"",
            "Cookie: a=\"; $Version=x; ;;=;\u00e4")) {
      cases.add(served(shown(other), with(other), "200"));
    }
    return cases;
  }

  private void expectations(List<RawCase> cases) {
    for (String known : List.of("100-continue", "100-Continue")) {
      cases.add(served("Expect: " + known, with("Expect: " + known), "200"));
    }
    for (String other : List.of("nonsense", "100-continue, x")) {
      cases.add(refused("Expect: " + other, with("Expect: " + other)));
    }
    cases.add(refused("Expect twice", with("Expect: 100-continue\r\nExpect: x")).or("200"));
    cases.add(served("Expect nothing", with("Expect:"), "200").orRefused());
  }

  private String withHost(String host) {
    return filled(CHANNELS + LINE_END) + "Host: " + host + LINE_END + LINE_END;
  }

  /** Of different names. */
  private static String several(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> "X" + number + ": y")
        .collect(Collectors.joining(LINE_END));
  }
}
