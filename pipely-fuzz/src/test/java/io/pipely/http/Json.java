package io.pipely.http;

import java.util.List;

/** A JSON value as it is written: numbers keep their digits, objects their order and doubles. */
sealed interface Json {

  Json NULL = new Word("null");

  /** Whether no text in it, and no name, has half of a surrogate pair. */
  boolean isUnicode();

  /** True, false or null. */
  record Word(String word) implements Json {
    @Override
    public boolean isUnicode() {
      return true;
    }
  }

  record Digits(String digits) implements Json {
    @Override
    public boolean isUnicode() {
      return true;
    }
  }

  record Text(String text) implements Json {
    @Override
    public boolean isUnicode() {
      return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }
  }

  record Array(List<Json> values) implements Json {
    @Override
    public boolean isUnicode() {
      return values.stream().allMatch(Json::isUnicode);
    }
  }

  record Fields(List<Field> fields) implements Json {
    @Override
    public boolean isUnicode() {
      return fields.stream().allMatch(f -> f.name().isUnicode() && f.value().isUnicode());
    }
  }

  record Field(Text name, Json value) {
    Field(String name, Json value) {
      this(new Text(name), value);
    }
  }
}
