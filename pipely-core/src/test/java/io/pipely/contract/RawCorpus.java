package io.pipely.contract;

import java.net.URI;

/** What raw requests are made of: text with one character for each byte. */
abstract class RawCorpus {

  static final String LINE_END = "\r\n";

  /** The type of the events that whoever reads a message as RFC 9112 has it publishes. */
  static final String GOOD = "good";

  /** The type of those that only a server publishes which takes for a request what is none. */
  static final String SMUGGLED = "smuggled";

  /** In a header of every request, where TRACE would have it sent back. */
  static final String ECHO = "echo-0123456789";

  /** A request that is answered by every server, and has no effect. */
  static final String CHANNELS = "GET $MOUNT/channels HTTP/1.1";

  private final String mount;
  private final String host;

  RawCorpus(URI server) {
    this.mount = server.getRawPath().replaceAll("/$", "");
    this.host = server.getAuthority();
  }

  /** The same with the path that Pipely is mounted at, and the server's authority. */
  final String filled(String text) {
    return text.replace("$MOUNT", mount).replace("$HOST", host);
  }

  /** A request with a request line, these header lines besides some of its own, and the rest. */
  final String request(String line, String headers, String rest) {
    String more = headers.isEmpty() ? "" : headers + LINE_END;
    String head =
        line
            + (LINE_END + "Host: $HOST" + LINE_END)
            + ("X-Echo: " + ECHO + LINE_END)
            + (more + LINE_END);
    return filled(head) + rest;
  }

  /** A request to publish with these header lines, and whatever is to follow the head. */
  final String publish(String headers, String rest) {
    return request("POST $MOUNT/publish HTTP/1.1", headers, rest);
  }

  /** A whole request that publishes an event. */
  final String publish(String type) {
    return publish(length(event(type)), event(type));
  }

  /** An event to be published in the channel that most tests use. */
  static String event(String type) {
    return Events.event(type, "ann", "1");
  }

  static String length(String body) {
    return "Content-Length: " + body.length();
  }

  /** A chunk that says how long it is. */
  static String chunk(String data) {
    return Integer.toHexString(data.length()) + LINE_END + data + LINE_END;
  }
}
