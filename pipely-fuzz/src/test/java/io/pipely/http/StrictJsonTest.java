package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  private static Json read(String text) throws StrictJson.Refused {
    return StrictJson.read(text.getBytes(UTF_8), 3);
  }

  @Test
  void aValueIsReadAsItIsWritten() throws StrictJson.Refused {
    Json text = new Json.Text("\"\\/\b\f\n\r\t\u00e9\uD83D\uDE00");
    Json array =
        new Json.Array(List.of(new Json.Digits("-1.50e+03"), new Json.Digits("0"), Json.NULL));
    assertEquals(
        new Json.Fields(List.of(new Json.Field("a", text), new Json.Field("a", array))),
        read(
            " {\"a\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83d\\uDe00\","
                + "\n\"a\":[-1.50e+03,\t0\r,null] } "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "[1,]",
        "[1 2]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "01",
        "+1",
        "1.",
        ".5",
        "-",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "tru",
        "True",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u 123\"",
        "\"\n\"",
        "\"\u0000\"",
        "1 2",
        "\uFEFF1",
        "\u00a01",
        "\f1",
        "[[[[]]]]",
        "[1]]",
        "/**/1"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThrows(StrictJson.Refused.class, () -> read(text));
  }

  @Test
  void halvesOfSurrogatePairsAreSeenWhereverTheyAre() throws StrictJson.Refused {
    for (String half : List.of("\"\\ud800\"", "[\"\\udc00\\ud800\"]", "{\"\\ud800\":[{}]}")) {
      assertFalse(read(half).isUnicode(), half);
    }
    assertTrue(read("{\"\\ud83d\\ude00\":[\"\uD83D\uDE00\",1,null]}").isUnicode());
  }
}
