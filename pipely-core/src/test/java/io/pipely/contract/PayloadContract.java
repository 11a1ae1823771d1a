package io.pipely.contract;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Any JSON value arrives as the same JSON value, in one frame. */
public interface PayloadContract extends Contract {

  @Test
  default void everyKindOfValueArrivesTheSame() throws Exception {
    assertArrivesToTheLetter(
        "null",
        "true",
        "false",
        "0",
        "\"\"",
        "\"text\"",
        "[]",
        "{}",
        "[null,true,0,\"\",[],{}]",
        "{\"a\":{\"b\":[{\"c\":null}]},\"\":1}");
  }

  @Test
  default void aNumberKeepsItsDigits() throws Exception {
    assertArrivesToTheLetter(
        "1.0",
        "1.50",
        "1e400",
        "-1E+400",
        "1e-400",
        "-0",
        "-0.0",
        "0e0",
        "123456789012345678901234567890",
        "3.14159265358979323846264338327950288419716939937510",
        "9007199254740993",
        "[1.0,-0,1e400]",
        "{\"n\":1.0}");
  }

  @Test
  default void aNumberMayHaveThousandsOfDigits() throws Exception {
    assertArrivesToTheLetter("1".repeat(60_000), "0." + "1".repeat(60_000));
  }

  @Test
  default void aStringArrivesWithTheSameCharacters() throws Exception {
    assertArrivesWithTheSameValue(
        "\"a\\nb\\r\\nc\\rd\"", // Line ends would end the frame if they were not escaped.
        "\"\u2028\u2029\\u2028\u0085\"",
        "\"ä € 😀 \uD83D\uDC69\u200D\uD83D\uDE80 e\u0301\"",
        "\"\\ud83d\\ude00 \\uD83D\\uDE00\"",
        "\"\\\" \\\\ \\/ \\b \\f \\t \\u0000 \\u001f\"",
        "\"\\\\ud83d \\\\n\"", // an escaped backslash and letters
        "\"\u007f\u009f\ufeff\ufffd\uffff\"",
        "\"data: x\\n\\nevent: y\"",
        "\"</script>&<!--\"",
        "{\"a\\nb\":\"\u2028\",\"😀\":\"\\u00e4\"}");
  }

  @Test
  default void whiteSpaceBetweenTokensDoesNotEndTheFrame() throws Exception {
    assertArrivesWithTheSameValue(
        "\n{\r\n\t\"a\" : [ 1 ,\n2 ] ,\r\r\n\n \"b\" : \" two  spaces \" }\n",
        "[\n\n\n]",
        "\n\n1\n\n",
        "\r\"text\"\r");
  }

  @Test
  default void whiteSpaceAroundThePayloadIsNoPartOfIt() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));

    assertAccepted(publish(event("chat", "ann", " \n 1.0 \r\n ")));

    ann.expect(event("chat", "ann", "1.0"));
  }

  private void assertArrivesToTheLetter(String... payloads) throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    for (String payload : payloads) {
      assertAccepted(publish(event("chat", "ann", payload)));
      ann.expect(event("chat", "ann", payload));
    }
  }

  /** A server may write the same string in other ways, with other escapes. */
  private void assertArrivesWithTheSameValue(String... payloads) throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    ObjectMapper mapper = new ObjectMapper();
    String start = event("chat", "ann", "").replace("}", "");
    for (String payload : List.of(payloads)) {
      assertAccepted(publish(event("chat", "ann", payload)));
      String event = ann.next();
      assertTrue(event.startsWith(start) && event.endsWith("}"), event);
      assertFalse(event.contains("\r"), event); // That ends a line too.
      String arrived = event.substring(start.length(), event.length() - 1);
      assertEquals(mapper.readTree(payload), mapper.readTree(arrived), event);
    }
  }
}
