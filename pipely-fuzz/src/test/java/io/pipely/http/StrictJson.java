package io.pipely.http;

import java.util.ArrayList;
import java.util.List;

/** Reads JSON by the grammar of RFC 8259 and repairs nothing, independently of what is tested. */
final class StrictJson {

  /** The text is not JSON, or not what it should be. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  private final String text;
  private final int maxDepth;
  private int at;

  private StrictJson(String text, int maxDepth) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  /**
   * One value and nothing else.
   *
   * @param maxDepth levels of arrays and objects
   */
  static Json read(byte[] bytes, int maxDepth) throws Refused {
    String text = Utf8.read(bytes).orElseThrow(() -> new Refused("not UTF-8"));
    StrictJson json = new StrictJson(text, maxDepth);
    Json value = json.element(0);
    if (json.at < text.length()) {
      throw new Refused("something follows at " + json.at);
    }
    return value;
  }

  /** A value with the white space around it. */
  private Json element(int depth) throws Refused {
    space();
    Json value = value(depth);
    space();
    return value;
  }

  private Json value(int depth) throws Refused {
    char c = peek();
    if (c == '{') {
      return fields(depth + 1);
    } else if (c == '[') {
      return array(depth + 1);
    } else if (c == '"') {
      return new Json.Text(string());
    } else if (c == '-' || isDigit(c)) {
      return number();
    }
    for (String word : List.of("true", "false", "null")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return new Json.Word(word);
      }
    }
    throw new Refused("no value at " + at);
  }

  private Json fields(int depth) throws Refused {
    enter(depth);
    List<Json.Field> fields = new ArrayList<>();
    space();
    while (peek() != '}') {
      if (!fields.isEmpty()) {
        take(',');
        space();
      }
      String name = string();
      space();
      take(':');
      fields.add(new Json.Field(name, element(depth)));
    }
    at++;
    return new Json.Fields(fields);
  }

  private Json array(int depth) throws Refused {
    enter(depth);
    List<Json> values = new ArrayList<>();
    space();
    while (peek() != ']') {
      if (!values.isEmpty()) {
        take(',');
      }
      values.add(element(depth));
    }
    at++;
    return new Json.Array(values);
  }

  private void enter(int depth) throws Refused {
    if (depth > maxDepth) {
      throw new Refused("too deep at " + at);
    }
    at++;
  }

  private String string() throws Refused {
    take('"');
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw new Refused("a control character at " + (at - 1));
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    return string.toString();
  }

  private char escaped() throws Refused {
    char c = peek();
    at++;
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u') {
      throw new Refused("a bad escape before " + at);
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = "0123456789abcdefABCDEF".indexOf(peek());
      if (digit < 0) {
        throw new Refused("a bad escape at " + at);
      }
      unit = unit << 4 | (digit < 16 ? digit : digit - 6);
      at++;
    }
    return (char) unit;
  }

  private Json number() throws Refused {
    int start = at;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    if (skip('.')) {
      digits();
    }
    if (skip('e') || skip('E')) {
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    return new Json.Digits(text.substring(start, at));
  }

  private void digits() throws Refused {
    if (!isDigit(peek())) {
      throw new Refused("no digit at " + at);
    }
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws Refused {
    if (at == text.length()) {
      throw new Refused("cut short");
    }
    return text.charAt(at);
  }

  private void take(char c) throws Refused {
    if (peek() != c) {
      throw new Refused("no " + c + " at " + at);
    }
    at++;
  }

  private boolean skip(char c) {
    boolean isThere = at < text.length() && text.charAt(at) == c;
    at += isThere ? 1 : 0;
    return isThere;
  }
}
