package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscribeParserTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0000000000, 0",
    "0000000012, 12",
    "999999999, 999999999",
    "2147483647, 2147483647",
    "2147483648, 2147483647",
    "99999999999999999999, 2147483647"
  })
  void aHistoryIsANumberOfAnyLengthAndLeadingZerosAreNothing(String text, int events)
      throws BadRequest {
    Request request =
        new Request("GET", "/subscribe", "history=" + text, name -> null, new byte[0], null);
    assertEquals(events, SubscribeParser.parse(request).history());
  }
}
