package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HopsTest {

  /** A question mark is what is not known. */
  private static void assertHops(String expected, List<Optional<InetAddress>> hops) {
    List<String> texts =
        hops.stream().map(hop -> hop.map(InetAddress::getHostAddress).orElse("?")).toList();
    assertEquals(expected, String.join(" ", texts));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "192.0.2.1                           | 192.0.2.1",
        "192.0.2.1, 192.0.2.2,192.0.2.3      | 192.0.2.1 192.0.2.2 192.0.2.3",
        "192.0.2.1:4711                      | 192.0.2.1",
        "2001:db8::1                         | 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]                       | 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:4711                  | 2001:db8:0:0:0:0:0:1",
        "::ffff:192.0.2.1                    | 192.0.2.1",
        ", ,192.0.2.1,                       | 192.0.2.1",
        "unknown, 192.0.2.1                  | ? 192.0.2.1",
        "localhost                           | ?",
        "1.2.3                               | ?",
        "1.2.3.256                           | ?",
        "1.2.3.4:                            | ?",
        "[1.2.3.4]                           | ?",
        "[::1                                | ?",
        ":::1                                | ?",
        "`192.0.2.1`                         | 192.0.2.1",
        "\"192.0.2.1\"                       | ?",
      })
  void xForwardedForIsAListOfAddresses(String line, String hops) {
    assertHops(hops, Hops.xForwardedFor(List.of(line)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=192.0.2.1                                  | 192.0.2.1",
        "For=\"[2001:db8::1]:4711\"                     | 2001:db8:0:0:0:0:0:1",
        "for=\"192.0.2.1:4711\"                         | 192.0.2.1",
        "for=\"192.0.2.1:_port\"                        | 192.0.2.1",
        "for=192.0.2.1;proto=http;by=203.0.113.43       | 192.0.2.1",
        "by=203.0.113.43;FOR=192.0.2.1 , for=192.0.2.2  | 192.0.2.1 192.0.2.2",
        "for=_hidden, for=192.0.2.2                     | ? 192.0.2.2",
        "for=unknown                                    | ?",
        "proto=https, for=192.0.2.2                     | ? 192.0.2.2",
        "for=192.0.2.1;for=192.0.2.2                    | ?",
        "for=[2001:db8::1]:80                           | 2001:db8:0:0:0:0:0:1",
        "for=                                           | ?",
        "for                                            | ?",
        "192.0.2.1                                      | ?",
        "for=192.0.2.1;                                 | ?",
        "for=192.0.2.1 for=192.0.2.2                    | ?",
      })
  void forwardedIsAListOfPairs(String line, String hops) {
    assertHops(hops, Hops.forwarded(List.of(line)));
  }

  /** What a client sends, to the comma that the proxy adds, and what the proxy adds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=192.0.2.66;x=\"        | for=198.51.100.7",
        "for=192.0.2.66;x=\"        | for=\"[2001:db8::7]:4711\"",
        "for=192.0.2.66;x=\"        | for=\"[2001:db8::7]\";by=\"[2001:db8::8]\"",
        "for=192.0.2.66;x=\"        | for=198.51.100.7;host=\"a:80\";by=\"b:80\"",
        "for=192.0.2.66;x=\"\\      | for=\"[2001:db8::7]:4711\"",
        "for=192.0.2.66;x=          | for=198.51.100.7",
      })
  void aClientCannotHideWhatTheProxyAdds(String sent, String added) {
    assertHops("?", Hops.forwarded(List.of(sent + ", " + added)));
  }

  @Test
  void severalLinesAreOneListAndAMalformedOneSpoilsItselfAlone() {
    assertHops(
        "192.0.2.1 192.0.2.2 192.0.2.3",
        Hops.xForwardedFor(List.of("192.0.2.1", "192.0.2.2, 192.0.2.3")));
    assertHops("? 192.0.2.3", Hops.forwarded(List.of("for=192.0.2.1, for=\"", "for=192.0.2.3")));
  }

  @Test
  void theLongestHeaderThereCanBeIsRead() {
    assertHops("?", Hops.forwarded(List.of("for=\"" + "\\\"".repeat(8000))));
    assertHops("?", Hops.forwarded(List.of("a=b;".repeat(4000))));
    assertEquals(8000, Hops.xForwardedFor(List.of("x,".repeat(8000))).size());
  }
}
