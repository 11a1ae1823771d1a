package io.pipely.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an event stream as a browser does (WHATWG HTML standard, 9.2.6), in whatever pieces it
 * arrives: lines end with CR, LF or both.
 */
final class SseReader {

  /** An event as a page sees it; the id is the last one that there was. */
  record Message(String type, String data, String lastEventId) {}

  private final List<Message> messages = new ArrayList<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String lastEventId = "";
  private String retry = "";
  private boolean isAfterCr;
  private boolean isFirstLine = true;

  void bytes(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      boolean isEndOfCrLf = isAfterCr && b == '\n';
      isAfterCr = b == '\r';
      if (b == '\n' || b == '\r') {
        if (!isEndOfCrLf) {
          takeLine();
        }
      } else {
        line.write(b);
      }
    }
  }

  List<Message> messages() {
    return messages;
  }

  String lastEventId() {
    return lastEventId;
  }

  /** As many milliseconds as the stream said last; empty where it said nothing. */
  String retry() {
    return retry;
  }

  /** Whether the stream so far ends with a whole frame. */
  boolean isBetweenFrames() {
    return line.size() == 0 && data.isEmpty() && type.isEmpty();
  }

  /** A browser would repair what is not UTF-8; nothing that is to be read here may need it. */
  private void takeLine() {
    String text =
        Utf8.read(line.toByteArray()).orElseThrow(() -> new AssertionError("a line is not UTF-8"));
    line.reset();
    if (isFirstLine && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    isFirstLine = false;
    if (text.isEmpty()) {
      dispatch();
      return;
    }
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    takeField(name, value.startsWith(" ") ? value.substring(1) : value);
  }

  private void takeField(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> lastEventId = value.indexOf('\0') < 0 ? value : lastEventId;
      case "retry" -> retry = isDigits(value) ? value : retry;
      default -> {
        // A comment, whose name is empty, or nothing that a browser knows.
      }
    }
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      data.setLength(data.length() - 1);
      messages.add(new Message(type.isEmpty() ? "message" : type, data.toString(), lastEventId));
    }
    data.setLength(0);
    type = "";
  }
}
