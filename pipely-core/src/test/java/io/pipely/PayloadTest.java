package io.pipely;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTest {

  record Score(int home, int guest) {}

  /** As an object may bring along JSON of its own. */
  record Raw(@JsonRawValue String json) {}

  @Test
  void isWhatJacksonWrites() {
    assertEquals("{\"home\":1,\"guest\":0}", Payload.of(new Score(1, 0)).toString());
    assertEquals("{\"a\":[1,null]}", Payload.of(Map.of("a", Arrays.asList(1, null))).toString());
    assertEquals("\"a\\n\\\"b\"", Payload.of("a\n\"b").toString());
    assertEquals("[true]", Payload.of(JsonNodeFactory.instance.arrayNode().add(true)).toString());
    assertEquals("1.10", Payload.of(new BigDecimal("1.10")).toString());
  }

  @Test
  void nullIsTheJsonValueNull() {
    assertSame(Payload.NULL, Payload.of(null));
    assertEquals("null", Payload.NULL.toString());
    assertNull(Payload.NULL.as(String.class));
    assertNull(Payload.NULL.as(Score.class));
  }

  @Test
  void isOnOneLineWhateverAnObjectBringsAlong() {
    assertEquals("{\"json\":[1,  2, 3]}", Payload.of(new Raw("[1,\r\n2,\n3]")).toString());
  }

  @Test
  void whatJacksonCannotWriteIsRefused() {
    Object cannot = new Object();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Payload.of(cannot));
    assertEquals("not to be written as JSON: class java.lang.Object", e.getMessage());
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThrows(IllegalArgumentException.class, () -> Payload.of(cycle));
  }

  @Test
  void anyTextComesBack() {
    for (String text : List.of("\uD83D\uDE00", "\u2028", "\u0000", "\"\\", "\r\n", "\uFEFF")) {
      assertEquals(text, Payload.of(text).as(String.class));
    }
  }

  @Test
  void isBoundToAClass() {
    Payload payload = Payload.of(Map.of("home", 1, "guest", 2));
    assertEquals(new Score(1, 2), payload.as(Score.class));
    Event event = Event.of("channel-0000", "score", "server", payload);
    assertEquals(new Score(1, 2), event.payloadAs(Score.class));
    assertEquals("x", Payload.of("x").as(String.class));
  }

  @Test
  void whatDoesNotFitAClassIsRefused() {
    Payload payload = Payload.of("text");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> payload.as(Score.class));
    assertEquals("payload does not fit " + Score.class.getName(), e.getMessage());
  }

  @Test
  void isCopiedAsUtf8() {
    Payload payload = Payload.of("\u00e9\u2028\u4e2d");
    byte[] expected = "\"\u00e9\u2028\u4e2d\"".getBytes(StandardCharsets.UTF_8);
    assertEquals(expected.length, payload.length());
    byte[] target = new byte[expected.length + 2];
    payload.copyTo(target, 1);
    assertArrayEquals(expected, Arrays.copyOfRange(target, 1, target.length - 1));
    assertThrows(IndexOutOfBoundsException.class, () -> payload.copyTo(target, 3));
  }

  @Test
  void isEqualWhereTheTextIsTheSame() {
    assertEquals(Payload.of("a"), Payload.ofValidJson("\"a\"".getBytes(StandardCharsets.UTF_8)));
    assertEquals(Payload.of("a").hashCode(), Payload.of("a").hashCode());
    assertNotEquals(Payload.of(1), Payload.of(1.0));
    assertNotEquals(Payload.of("null"), Payload.NULL);
  }
}
