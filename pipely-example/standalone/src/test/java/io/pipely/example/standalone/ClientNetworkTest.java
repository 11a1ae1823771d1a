package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,            192.0.2.1",
    "192.0.2.1,            ::ffff:192.0.2.1",
    "192.0.2.1,            [::ffff:c000:201]",
    "2001:db8:0:1::1,      2001:db8:0:1:ffff:ffff:ffff:ffff",
    "2001:db8:0:1::1,      [2001:DB8:0:1::2]",
    "fe80::1,              fe80::2",
  })
  void theseAreOneClient(String one, String other) {
    assertEquals(ClientNetwork.of(one), ClientNetwork.of(other));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,            192.0.2.2",
    "2001:db8:0:1::1,      2001:db8:0:2::1",
    "192.0.2.1,            ::192.0.2.1",
    "0.0.0.1,              0:0:0:1::",
    "127.0.0.1,            ::1",
  })
  void theseAreTwo(String one, String other) {
    assertNotEquals(ClientNetwork.of(one), ClientNetwork.of(other));
  }

  @Test
  void allWhoseAddressIsNotKnownAreOne() {
    assertEquals(ClientNetwork.of(null), ClientNetwork.of("no address"));
    assertNotEquals(ClientNetwork.of(null), ClientNetwork.of("0.0.0.0"));
  }
}
