package io.pipely.example.standalone;

import static io.pipely.contract.Answers.assertAccepted;
import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Pipely;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests come from, over real sockets: this test is the proxy. */
class TrustedProxiesTest {

  private static final String PROXIES = "127.0.0.1, 10.0.0.0/8, fd00::/8";
  private static final RateLimit RATE = new RateLimit(50, 5);

  private final BlockingQueue<String> addresses = new LinkedBlockingQueue<>();
  private final Pipely pipely =
      Pipely.builder()
          .authorizer(
              (operation, verdict) -> {
                addresses.add(String.valueOf(operation.caller().address()));
                verdict.allow();
              })
          .build();

  private LimitedServer server(String trusted) {
    return new LimitedServer(pipely, RATE, new ManualTicker(), trusted);
  }

  private static RawRequest publish() {
    return RawRequest.publish(event("chat", "ann", "1"));
  }

  /** Which address the authorizer is told. */
  private String addressOf(LimitedServer server, RawRequest request) throws Exception {
    server.ask(request);
    return String.valueOf(addresses.poll(60, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7                           | 192.0.2.7",
        "192.0.2.7:4711                      | 192.0.2.7",
        "2001:db8::7                         | [2001:db8:0:0:0:0:0:7]",
        "::ffff:192.0.2.7                    | 192.0.2.7",
        "192.0.2.7, 10.1.1.1                 | 192.0.2.7",
        "192.0.2.7, fd00::1, 10.1.1.1        | 192.0.2.7",
        "198.51.100.66, 192.0.2.7, 10.1.1.1  | 192.0.2.7",
        "10.2.2.2, 10.1.1.1                  | 10.2.2.2",
        "192.0.2.7, nonsense, 10.1.1.1       | 10.1.1.1",
        "192.0.2.7, nonsense                 | 127.0.0.1",
        "nonsense, 192.0.2.7                 | 192.0.2.7",
      })
  void theClientIsTheNearestThatIsNoTrustedProxy(String forwardedFor, String client)
      throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      assertEquals(client, addressOf(server, publish().header("X-Forwarded-For", forwardedFor)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=192.0.2.7                                    | 192.0.2.7",
        "for=\"[2001:db8::7]:4711\";proto=https           | [2001:db8:0:0:0:0:0:7]",
        "for=198.51.100.66, for=192.0.2.7, for=10.1.1.1   | 192.0.2.7",
        "for=192.0.2.7, for=_hidden, for=10.1.1.1         | 10.1.1.1",
        "for=unknown                                      | 127.0.0.1",
        "for=192.0.2.7;x=\", for=198.51.100.66            | 127.0.0.1",
      })
  void forwardedIsReadInTheSameWay(String forwarded, String client) throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      assertEquals(client, addressOf(server, publish().header("Forwarded", forwarded)));
    }
  }

  /** A proxy that knows one of them lets a client's own of the other kind pass. */
  @Test
  void whereTheTwoHeadersDoNotAgreeNeitherIsBelieved() throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      RawRequest added = publish().header("X-Forwarded-For", "198.51.100.66");
      assertEquals("127.0.0.1", addressOf(server, added.header("Forwarded", "for=192.0.2.7")));
      assertEquals("127.0.0.1", addressOf(server, added.header("Forwarded", "nonsense")));
      assertEquals(
          "198.51.100.66", addressOf(server, added.header("Forwarded", "for=198.51.100.66")));
    }
  }

  @Test
  void severalLinesOfOneHeaderAreOneList() throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      RawRequest request = publish().header("X-Forwarded-For", "198.51.100.66, 192.0.2.7");
      assertEquals("192.0.2.7", addressOf(server, request.header("X-Forwarded-For", "10.1.1.1")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/8, ::1"})
  void whatAnybodyElseSaysIsIgnored(String trusted) throws Exception {
    try (LimitedServer server = server(trusted)) {
      RawRequest spoofed = publish().header("X-Forwarded-For", "10.1.1.1");
      assertEquals("127.0.0.1", addressOf(server, spoofed));
      assertEquals("127.0.0.1", addressOf(server, publish().header("Forwarded", "for=10.1.1.1")));
      for (int i = 2; i < RATE.publishes(); i++) {
        RawRequest other = publish().header("X-Forwarded-For", "192.0.2." + i);
        assertEquals(404, server.ask(other).status());
      }
      assertEquals(429, server.ask(publish().header("X-Forwarded-For", "192.0.2.99")).status());
    }
  }

  @Test
  void clientsBehindOneProxyHaveLimitsOfTheirOwn() throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      for (String client : List.of("192.0.2.7", "192.0.2.8", "2001:db8:0:1::7")) {
        RawRequest request = publish().header("X-Forwarded-For", client);
        for (int i = 0; i < RATE.publishes(); i++) {
          assertEquals(404, server.ask(request).status());
        }
        assertEquals(429, server.ask(request).status());
      }
      RawRequest sameNetwork = publish().header("X-Forwarded-For", "2001:db8:0:1:2:3:4:5");
      assertEquals(429, server.ask(sameNetwork).status());
      RawRequest otherNetwork = publish().header("X-Forwarded-For", "2001:db8:0:2::7");
      assertEquals(404, server.ask(otherNetwork).status());
    }
  }

  /** Its body ends with the connection, which no other answer does: see pipely-jetty. */
  @Test
  void aStreamBehindAProxyIsTakenOverAllTheSame() throws Exception {
    try (LimitedServer server = server(PROXIES)) {
      SseClient ann =
          server.join(RawRequest.subscribe(CHANNEL, "ann").header("X-Forwarded-For", "192.0.2.7"));
      assertEquals("192.0.2.7", addresses.poll(60, TimeUnit.SECONDS));
      assertEquals("close", ann.headers().only("Connection"));
      assertEquals(List.of(), ann.headers().all("Transfer-Encoding"));
      ann.upTo(connect("ann"));
      assertAccepted(server.ask(publish()));
      ann.expect(event("chat", "ann", "1"));
    }
  }
}
