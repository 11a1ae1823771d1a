package io.pipely.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the standard, and what they leave out. */
class SseReaderTest {

  private static SseReader read(String stream) {
    byte[] bytes = stream.getBytes(UTF_8);
    SseReader whole = new SseReader();
    whole.bytes(bytes, 0, bytes.length);
    SseReader bytewise = new SseReader();
    for (int i = 0; i < bytes.length; i++) {
      bytewise.bytes(bytes, i, i + 1);
    }
    assertEquals(whole.messages(), bytewise.messages());
    return whole;
  }

  private static SseReader.Message message(String data, String id) {
    return new SseReader.Message("message", data, id);
  }

  @Test
  void linesOfDataAreOneEventAndItsLastLineEndIsNot() {
    assertEquals(
        List.of(message("YHOO\n+2\n10", "")),
        read("data: YHOO\ndata: +2\ndata: 10\n\n").messages());
    assertEquals(
        List.of(message("", ""), message("\n", "")),
        read("data\n\ndata\ndata\n\ndata:").messages());
    assertEquals(
        List.of(message("test", ""), message("test", "")),
        read("data:test\n\ndata: test\n\n").messages());
  }

  @Test
  void anIdHoldsUntilTheNextOne() {
    SseReader reader =
        read(": test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\nid: 7\n\n");
    assertEquals(
        List.of(message("first", "1"), message("second", ""), message(" third", "")),
        reader.messages());
    assertEquals("7", reader.lastEventId());
    assertEquals("1", read("id: 1\nid: a\0b\n\n").lastEventId());
  }

  @Test
  void anyLineEndEndsALine() {
    assertEquals(
        List.of(message("a", ""), message("b", ""), message("c", "")),
        read("data:a\r\n\r\ndata:b\r\rdata:c\n\n").messages());
    assertEquals(
        List.of(message("a\u2028\u0085b", "")), read("data:a\u2028\u0085b\n\n").messages());
  }

  @Test
  void aCrAndAnLfAreOneLineEndWhereverTheStreamIsCut() {
    assertEquals(
        List.of(message("a\nb", "1")), read("data:a\r\nid:1\r\ndata:b\r\n\r\n").messages());
  }

  @Test
  void aTypeIsTheEventsOwn() {
    assertEquals(
        List.of(new SseReader.Message("add", "1", ""), message("2", "")),
        read("event: add\ndata: 1\n\nevent: none\n\ndata: 2\n\n").messages());
  }

  @Test
  void aTimeToWaitIsDigitsAlone() {
    assertEquals("10", read("retry: 10\nretry: 1x\nretry:\n").retry());
  }

  @Test
  void whatIsCutIsNoEvent() {
    SseReader cut = read("\uFEFFdata: 1\n\ndata: 2\n");
    assertEquals(List.of(message("1", "")), cut.messages());
    assertFalse(cut.isBetweenFrames());
  }
}
