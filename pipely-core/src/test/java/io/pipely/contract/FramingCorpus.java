package io.pipely.contract;

import static io.pipely.contract.RawCase.refused;
import static io.pipely.contract.RawCase.served;
import static io.pipely.contract.RawCase.shown;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Requests of which two readers may not agree where they end (RFC 9112, 6 and 7), so that one of
 * them takes for a request what is a body to the other.
 */
final class FramingCorpus extends RawCorpus {

  private static final String CODING = "Transfer-Encoding: ";
  private static final String CHUNKED = CODING + "chunked";
  private static final String LAST = "0\r\n\r\n";
  private static final String BODY = event(GOOD);

  /** A body that is empty to whoever goes by its chunks, and hides a request behind them. */
  private final String hiding = LAST + publish(SMUGGLED);

  FramingCorpus(URI server) {
    super(server);
  }

  List<RawCase> lengths() {
    int length = BODY.length();
    String hidden = publish(SMUGGLED);
    List<RawCase> cases = new ArrayList<>();
    cases.add(served("in spaces", publish("Content-Length:  " + length + "\t ", BODY), "200"));
    cases.add(
        served("with zeros ahead", publish("Content-Length: 00" + length, BODY), "200")
            .orRefused());
    cases.add(
        refused("twice the same", publish(length(BODY) + LINE_END + length(BODY), BODY)).or("200"));
    cases.add(refused("a list of the same", publish(length(BODY) + ", " + length, BODY)).or("200"));
    for (String bad :
        List.of(
            "+" + length,
            "-" + length,
            "0x" + Integer.toHexString(length),
            length + "," + (length + 1),
            length + " " + length,
            length + ";",
            length + ".0",
            length + "e0",
            "\"" + length + "\"",
            "",
            "x",
            "18446744073709551616", // 2^64
            "18446744073709551" + (616 + length), // and as much as there is
            "\u00d9\u00a1", // a digit, but not of ASCII
            length + "\0",
            length + "\u000b")) {
      cases.add(refused("'" + shown(bad) + "'", publish("Content-Length: " + bad, BODY)));
    }
    String none = "Content-Length: 0";
    cases.add(refused("0, then another", publish(none + LINE_END + length(hidden), hidden)));
    cases.add(refused("another, then 0", publish(length(hidden) + LINE_END + none, hidden)));
    cases.add(refused("more than there is", publish("Content-Length: 9999", BODY)).cutOff());
    return cases;
  }

  List<RawCase> codings() {
    String good = chunk(BODY) + LAST;
    List<RawCase> cases = new ArrayList<>();
    cases.add(served("in capitals", publish(CHUNKED.toUpperCase(Locale.ROOT), good), "200"));
    cases.add(served("after a tab", publish("Transfer-Encoding:\tchunked", good), "200"));
    cases.add(
        refused(
            "a length that ends within the first chunk",
            publish("Content-Length: 4\r\n" + CHUNKED, chunk(publish(SMUGGLED)) + LAST)));
    cases.add(
        refused(
            "a coding in HTTP/1.0",
            request("POST $MOUNT/publish HTTP/1.0", length(hiding) + LINE_END + CHUNKED, hiding)));
    cases.add(
        refused(
            "'chunked' ahead of the length", publish(CHUNKED + "\r\n" + length(hiding), hiding)));
    for (String coding :
        List.of(
            CHUNKED,
            CODING + "xchunked",
            CODING + "chunkedx",
            CODING + "chunked, identity",
            CODING + "identity, chunked",
            CODING + "identity",
            CODING + "chunked, chunked",
            CODING + "chunked, x",
            CODING + "x",
            CODING + "x, chunked",
            CODING + "gzip",
            CODING + "gzip, chunked",
            CODING + "\"chunked\"",
            CODING + "chunked;q=1",
            CODING + ",chunked",
            CODING + "chunked,",
            CODING,
            CODING + "\u000bchunked",
            CODING + "chunked\0",
            CODING + "chun ked",
            CODING + "\u00e7hunked",
            CODING + "\r\n chunked",
            CODING + "x\r\n\tchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            " " + CHUNKED,
            "X: y\n" + CHUNKED,
            "X: y\r" + CHUNKED,
            "X: y\r\r\n" + CHUNKED,
            CHUNKED + "\nX: y",
            CHUNKED + LINE_END + CHUNKED,
            CHUNKED + LINE_END + CODING + "identity",
            CODING + "identity" + LINE_END + CHUNKED,
            "\0" + CHUNKED,
            "Transfer\0-Encoding: chunked")) {
      cases.add(
          refused(
              "a length and '" + shown(coding) + "'",
              publish(length(hiding) + LINE_END + coding, hiding)));
    }
    for (String other : List.of("Transfer_Encoding: chunked", "X-Transfer-Encoding: chunked")) {
      String text = publish(length(hiding) + LINE_END + other, hiding);
      cases.add(refused("a length and '" + other + "', which is another header", text));
    }
    for (String coding : List.of("x", "gzip", "chunked, identity", "chunked, chunked")) {
      cases.add(refused("'" + coding + "' alone", publish(CODING + coding, good)));
    }
    // Nothing is decoded but the chunks, whose end is the same to everybody.
    cases.add(
        served("'gzip, chunked'", publish(CODING + "gzip, chunked", good), "200").orRefused());
    return cases;
  }

  List<RawCase> chunks() {
    String size = Integer.toHexString(BODY.length());
    List<RawCase> cases = new ArrayList<>();
    cases.add(served("capital digits", sized(size.toUpperCase(Locale.ROOT)), "200"));
    cases.add(served("zeros ahead", sized("000" + size), "200").orRefused());
    cases.add(served("an extension", sized(size + ";a=b;c=\"d\""), "200"));
    cases.add(refused("an extension of 100 KiB", sized(size + ";a=" + "b".repeat(100 << 10))));
    for (String bad :
        List.of(
            "-" + size,
            "+" + size,
            "0x" + size,
            " " + size,
            size + " ",
            size + " 1",
            "\"" + size + "\"",
            "",
            ";a=b",
            "g",
            size + ",",
            "100000000000000" + size, // 2^64 and as much as there is
            "ffffffffffffffff",
            "f".repeat(40),
            "0".repeat(5000) + size,
            size + "\0",
            size + "\u000b",
            size + "\r")) {
      cases.add(refused("'" + shown(bad) + "'", sized(bad)));
    }
    for (String tooMuch :
        List.of("1000000" + size, "7fffffffffffffff")) { // 2^32 and some, 2^63 - 1
      cases.add(refused("'" + tooMuch + "'", sized(tooMuch)).cutOff());
    }
    String end = LINE_END + LAST;
    cases.add(refused("a size that ends with LF", inChunks(size + "\n" + BODY + end)));
    cases.add(refused("an extension that ends with LF", inChunks(size + ";a=b\n" + BODY + end)));
    cases.add(refused("data that ends with LF", inChunks(size + LINE_END + BODY + "\n" + LAST)));
    cases.add(refused("data that does not end", inChunks(size + LINE_END + BODY + LAST)));
    cases.add(refused("data longer than it says", inChunks("5" + LINE_END + BODY + end)));
    cases.add(refused("a last chunk that ends with LF", inChunks(chunk(BODY) + "0\n\n")));
    cases.add(refused("no last chunk", inChunks(chunk(BODY))).cutOff());
    cases.add(
        refused(
            "a request in an extension",
            inChunks(size + ";\n" + publish(SMUGGLED) + LINE_END + BODY + end)));
    for (String trailer :
        List.of(
            "X: y",
            "Content-Length: 5",
            CHUNKED,
            "Host: other.example",
            "Authorization: Password other",
            "Content-Encoding: gzip")) {
      cases.add(served("a trailer '" + trailer + "'", withTrailer(trailer), "200").orRefused());
    }
    for (String trailer : List.of("no colon", "X : y", "X: \0", ": y")) {
      cases.add(refused("a trailer '" + shown(trailer) + "'", withTrailer(trailer)));
    }
    cases.add(refused("a trailer of 20 KiB", withTrailer("X: " + "y".repeat(20 << 10))));
    return cases;
  }

  private String inChunks(String rest) {
    return publish(CHUNKED, rest);
  }

  /** One chunk of a size that may or may not be its own. */
  private String sized(String size) {
    return inChunks(size + LINE_END + BODY + LINE_END + LAST);
  }

  private String withTrailer(String trailer) {
    return inChunks(chunk(BODY) + "0" + LINE_END + trailer + LINE_END + LINE_END);
  }

  List<RawCase> sequences() {
    String channels = request("GET $MOUNT/channels HTTP/1.1", "", "");
    String nothing = request("GET $MOUNT/nothing HTTP/1.1", "", "");
    String hidden = publish(SMUGGLED);
    List<RawCase> cases = new ArrayList<>();
    cases.add(served("three requests", publish(GOOD) + channels + nothing, "200 403 404"));
    cases.add(
        served(
            "requests after a last chunk",
            inChunks(chunk(BODY) + LAST) + channels + publish(GOOD) + nothing,
            "200 403 200 404"));
    bodiesOf("GET $MOUNT/channels", "403", nothing, cases);
    bodiesOf("GET $MOUNT/channel/channel-0001", "200", nothing, cases);
    bodiesOf("GET $MOUNT/subscribe", "400", nothing, cases);
    bodiesOf("GET $MOUNT/nothing", "404", nothing, cases);
    bodiesOf("GET $MOUNT/publish", "405", nothing, cases);
    bodiesOf("DELETE $MOUNT/publish", "405", nothing, cases);
    bodiesOf("OPTIONS $MOUNT/publish", "204", nothing, cases);
    String many = hidden.repeat(20_000);
    cases.add(
        served("a body too long, all requests", publish(length(many), many) + nothing, "413")
            .or("413 404"));
    cases.add(
        served("chunks too long, all requests", inChunks(chunk(many) + LAST) + nothing, "413")
            .or("413 404"));
    cases.add(
        served(
                "a body too long that is not awaited",
                publish(length(many) + LINE_END + "Expect: 100-continue", many) + nothing,
                "413")
            .or("413 404"));
    String stream = "GET $MOUNT/subscribe?channelId=channel-0002&clientId=";
    cases.add(
        served(
            "a stream with a body",
            request(stream + "bob HTTP/1.1", length(hidden), hidden),
            "200"));
    cases.add(
        served("a stream and a request", request(stream + "eve HTTP/1.1", "", hidden), "200"));
    cases.add(
        served(
            "a request after the last one",
            publish("Connection: close" + LINE_END + length(BODY), BODY) + hidden,
            "200"));
    cases.add(
        served(
            "a request after one of HTTP/1.0",
            request("POST $MOUNT/publish HTTP/1.0", length(BODY), BODY) + hidden,
            "200"));
    cases.add(
        refused(
            "a request after no request",
            request("GET $MOUNT/channels HTTP/1.1", "no colon", "") + hidden));
    cases.add(served("no body and a request", publish("", publish(GOOD)), "400 200").or("400"));
    return cases;
  }

  /** A body that hides a request is read to its end, or the connection is closed. */
  private void bodiesOf(String line, String status, String next, List<RawCase> cases) {
    String hidden = publish(SMUGGLED);
    String head = line + " HTTP/1.1";
    String both = status + " 404";
    cases.add(
        served(line + " with a body", request(head, length(hidden), hidden) + next, both)
            .or(status));
    cases.add(
        served(line + " with chunks", request(head, CHUNKED, chunk(hidden) + LAST) + next, both)
            .or(status));
  }
}
