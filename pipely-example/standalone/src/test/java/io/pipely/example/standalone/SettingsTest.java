package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Payload;
import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.InetAddressSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final String ADDRESS_RULE =
      "ADDRESS must be an address like ':6550', '127.0.0.1:7000' or '[::1]:7000': ";

  @Test
  void listensOnPort6550OfAllAddressesUnlessToldOtherwise() {
    InetSocketAddress address = settings(Map.of()).address();
    assertEquals(6550, address.getPort());
    assertTrue(address.getAddress().isAnyLocalAddress());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:7000,            127.0.0.1,       7000",
    "[::1]:7000,                0:0:0:0:0:0:0:1, 7000",
    "[0:0:0:0:0:0:0:1]:65535,   0:0:0:0:0:0:0:1, 65535",
    "127.0.0.1:0,               127.0.0.1,       0",
  })
  void readsAnAddress(String text, String host, int port) {
    InetSocketAddress address = settings(Map.of("ADDRESS", text)).address();
    assertEquals(host, address.getAddress().getHostAddress());
    assertEquals(port, address.getPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {":0", ":7000", ":65535"})
  void aColonAndAPortMeanAllAddresses(String text) {
    InetSocketAddress address = settings(Map.of("ADDRESS", text)).address();
    assertTrue(address.getAddress().isAnyLocalAddress());
    assertEquals(text, ":" + address.getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "6550",
        ":",
        ":port",
        ":65536",
        ":-1",
        ":+80",
        ": 80",
        ":80 ",
        "127.0.0.1",
        "127.0.0.1:",
        "::1:7000",
        "[::1]",
        "[::1]7000",
        "[:::1]:7000",
        "[127.0.0.1]:x",
        "[localhost]:80",
        "http://127.0.0.1:80",
        "a b:80",
        "a/b:80",
      })
  void refusesWhatIsNoAddress(String text) {
    assertRefused(ADDRESS_RULE + "'" + text + "'", Map.of("ADDRESS", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "80", "06550", "65535"})
  void readsAPort(String text) {
    InetSocketAddress address = settings(Map.of("PORT", text)).address();
    assertEquals(Integer.parseInt(text), address.getPort());
    assertTrue(address.getAddress().isAnyLocalAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"abc", "65536", "-1", "+1", "1.0", " ", "80 ", "0x50", "99999999999", "٣"})
  void refusesWhatIsNoPort(String text) {
    assertRefused("PORT must be a number from 0 to 65535: '" + text + "'", Map.of("PORT", text));
  }

  @Test
  void addressWinsOverPort() {
    Map<String, String> both = Map.of("ADDRESS", "127.0.0.1:7000", "PORT", "8000");
    assertEquals(7000, settings(both).address().getPort());
  }

  @Test
  void aPortThatIsWrongIsWrongAlsoWhereAddressWins() {
    assertRefused(
        "PORT must be a number from 0 to 65535: 'x'",
        Map.of("ADDRESS", "127.0.0.1:7000", "PORT", "x"));
  }

  @Test
  void aSystemPropertyWinsOverTheVariableOfItsName() {
    Settings settings = Settings.of(Map.of("PORT", "no number"), Map.of("PORT", "7000"));
    assertEquals(7000, settings.address().getPort());
  }

  @Test
  void anEmptyValueCountsAsNotSet() {
    assertEquals(6550, settings(Map.of("ADDRESS", "", "PORT", "")).address().getPort());
  }

  @Test
  void warmsUpForAsLongAsItIsTold() {
    assertEquals(Duration.ofSeconds(5), settings(Map.of()).warmUp());
    assertEquals(Duration.ZERO, settings(Map.of("PIPELY_WARM_UP", "0")).warmUp());
    assertEquals(Duration.ofSeconds(60), settings(Map.of("PIPELY_WARM_UP", "60")).warmUp());
    for (String text : List.of("61", "-1", "x", "1.5", "100")) {
      assertRefused(
          "PIPELY_WARM_UP must be a number of seconds from 0 to 60: '" + text + "'",
          Map.of("PIPELY_WARM_UP", text));
    }
  }

  @Test
  void theServersKeyIsAskedForWhereItIsSet() {
    try (Pipely pipely = pipely(Map.of("PIPELY_SERVER_KEY", "key-1"))) {
      pipely.look(
          Credentials.NONE.serverKey("key-1"),
          Answer.<List<ChannelInfo>>of(found -> assertEquals(List.of(), found), why -> fail()));
    }
    for (String text : List.of(" ", "a b", "a\tb", "schl\u00fcssel")) {
      assertRefused(
          "PIPELY_SERVER_KEY must be of visible ASCII characters",
          Map.of("PIPELY_SERVER_KEY", text));
    }
  }

  @Test
  void originsAreStrictWhereItIsSet() {
    assertEquals(
        Refusal.ORIGIN_NOT_A_MEMBER, strangersWord(Map.of("PIPELY_STRICT_ORIGINS", "true")));
    assertNull(strangersWord(Map.of("PIPELY_STRICT_ORIGINS", "false")));
    assertNull(strangersWord(Map.of()));
    for (String text : List.of("yes", "TRUE", "1")) {
      assertRefused(
          "PIPELY_STRICT_ORIGINS must be 'true' or 'false': '" + text + "'",
          Map.of("PIPELY_STRICT_ORIGINS", text));
    }
  }

  /** How a word of somebody who is no member is refused; null where it is not. */
  private static Refusal strangersWord(Map<String, String> environment) {
    Refusal[] refusal = new Refusal[1];
    try (Pipely pipely = pipely(environment)) {
      pipely.join(
          Join.of("channel-0001", "member"),
          (batch, done) -> done.complete(null),
          Answer.of(member -> {}, why -> fail()));
      pipely.publish(
          Publication.of("channel-0001", "chat", "stranger", Payload.NULL),
          Answer.<Receipt>of(receipt -> {}, why -> refusal[0] = why));
    }
    return refusal[0];
  }

  @Test
  void aLostMemberHasAsMuchTimeAsIsSet() {
    for (String text : List.of("0s", "500ms", "2m", "9999999s")) {
      pipely(Map.of("PIPELY_GRACE", text)).close();
    }
    for (String text : List.of("10", "-1s", "1h", "1.5s", "s", "10 s", "99999999s")) {
      assertRefused(
          "PIPELY_GRACE must be a time like '500ms', '10s' or '2m': '" + text + "'",
          Map.of("PIPELY_GRACE", text));
    }
  }

  @Test
  void nobodyIsHeldBackUnlessTheSettingSaysHowMuchOneMayAsk() {
    assertEquals(RateLimit.OFF, settings(Map.of()).rateLimit());
    assertEquals(RateLimit.OFF, settings(Map.of("PIPELY_RATE_LIMIT", "off")).rateLimit());
    assertEquals(
        new RateLimit(50, 200), settings(Map.of("PIPELY_RATE_LIMIT", "50/200")).rateLimit());
    for (String text :
        List.of("on", "OFF", "50", "50/", "/200", "50/200/1", "0/200", "50/0", "-1/1", "5 / 20")) {
      assertRefused(
          "PIPELY_RATE_LIMIT must be 'off', or subscribes and publishes a second like '50/200': '"
              + text
              + "'",
          Map.of("PIPELY_RATE_LIMIT", text));
    }
  }

  @Test
  void noProxyIsTrustedButThoseOfTheSetting() throws Exception {
    assertTrue(settings(Map.of()).trustedProxies().isEmpty());
    InetAddressSet trusted =
        settings(Map.of("PIPELY_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8 , ::1"))
            .trustedProxies();
    for (String address : List.of("127.0.0.1", "10.255.0.1", "fd12::1", "::1", "::ffff:10.1.1.1")) {
      assertTrue(trusted.test(InetAddress.getByName(address)), address);
    }
    for (String address : List.of("127.0.0.2", "11.0.0.1", "fe00::1", "::2", "::10.1.1.1")) {
      assertFalse(trusted.test(InetAddress.getByName(address)), address);
    }
  }

  /** Names are none: whoever answers for them would be trusted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "proxy.example",
        "10",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.1-10.0.0.9",
        "10.0.0.0-9",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "fd00::/129",
        "fd00::1/8",
        "fd00::x",
        "127.0.0.1,",
        "127.0.0.1 10.0.0.1",
        "*",
      })
  void refusesWhatIsNoListOfAddressesAndNetworks(String text) {
    assertRefused(
        "PIPELY_TRUSTED_PROXIES must be addresses and networks like"
            + " '127.0.0.1, 10.0.0.0/8, fd00::/8': '"
            + text
            + "'",
        Map.of("PIPELY_TRUSTED_PROXIES", text));
  }

  @Test
  void whatDoesNotGoTogetherIsRefusedAlsoWhereOneOfThemIsADefault() {
    assertRefused(
        "PIPELY_KEEP_TIME must be at least PIPELY_STALL, which is 20s: '19s'",
        Map.of("PIPELY_KEEP_TIME", "19s"));
    assertRefused(
        "PIPELY_KEEP_BYTES must be at least 4 times PIPELY_MAX_BODY, which is 1MiB: '1MiB'",
        Map.of("PIPELY_MAX_BODY", "1MiB"));
  }

  @Test
  void tellsWhatHoldsWithoutTheSecret() {
    assertEquals(
        "PIPELY_SERVER_KEY=(not set) PIPELY_STRICT_ORIGINS=false PIPELY_ALLOWED_ORIGINS=*"
            + " PIPELY_MAX_BODY=64KiB PIPELY_MAX_MEMBERS=10000 PIPELY_MAX_CHANNELS=100000"
            + " PIPELY_KEEP_BYTES=1MiB PIPELY_KEEP_TIME=60s PIPELY_GRACE=10s"
            + " PIPELY_HEARTBEAT=45s PIPELY_STALL=20s PIPELY_RATE_LIMIT=off"
            + " PIPELY_TRUSTED_PROXIES=(none) PIPELY_REDIS=(none) PIPELY_WARM_UP=5",
        settings(Map.of()).effective());

    String told = settings(Map.of("PIPELY_SERVER_KEY", "key-1", "PIPELY_GRACE", "2m")).effective();
    assertTrue(told.startsWith("PIPELY_SERVER_KEY=(set) "), told);
    assertTrue(told.contains(" PIPELY_GRACE=2m "), told);

    String shared =
        settings(Map.of("PIPELY_REDIS", "rediss://user:canary@example.org:6380/2")).effective();
    assertTrue(shared.contains(" PIPELY_REDIS=rediss://example.org:6380/2 "), shared);

    Map<String, String> limits =
        Map.of("PIPELY_RATE_LIMIT", "50/200", "PIPELY_TRUSTED_PROXIES", "::1, 10.0.0.0/8");
    assertTrue(
        settings(limits)
            .effective()
            .contains(" PIPELY_RATE_LIMIT=50/200 PIPELY_TRUSTED_PROXIES=10.0.0.0/8,::1 "),
        settings(limits)::effective);
  }

  private static Pipely pipely(Map<String, String> environment) {
    PipelyBuilder builder = Pipely.builder();
    settings(environment).options().applyTo(builder);
    return builder.build();
  }

  @Test
  void refusesAnUnknownNameOfOurs() {
    assertRefused("PIPELY_SPEED is not a setting that this server knows", unknown("PIPELY_SPEED"));
    InvalidSettingException refusal =
        assertThrows(
            InvalidSettingException.class,
            () -> Settings.of(Map.of(), unknown("PIPELY_SPEED")),
            "as a system property");
    assertEquals("PIPELY_SPEED is not a setting that this server knows", refusal.getMessage());
  }

  /** Those that a container gets for services called "pipely" and "pipely-redis". */
  @Test
  void theVariablesOfKubernetesForAServiceOfOurNameAreNotItsAffair() {
    Map<String, String> links =
        Map.of(
            "PIPELY_SERVICE_HOST", "10.96.0.11",
            "PIPELY_SERVICE_PORT", "6550",
            "PIPELY_SERVICE_PORT_HTTP", "6550",
            "PIPELY_PORT", "tcp://10.96.0.11:6550",
            "PIPELY_PORT_6550_TCP", "tcp://10.96.0.11:6550",
            "PIPELY_PORT_6550_TCP_PROTO", "tcp",
            "PIPELY_PORT_6550_TCP_PORT", "6550",
            "PIPELY_PORT_6550_TCP_ADDR", "10.96.0.11",
            "PIPELY_REDIS_SERVICE_HOST", "10.96.0.12",
            "PIPELY_REDIS_PORT", "tcp://10.96.0.12:6379");
    assertEquals(6550, settings(links).address().getPort());
  }

  @Test
  void refusesOurPortWithAPrefixThatItDoesNotHave() {
    assertRefused(
        "PIPELY_PORT is not a setting that this server knows", Map.of("PIPELY_PORT", "7000"));
  }

  @Test
  void otherNamesAreNotItsAffair() {
    assertEquals(6550, settings(Map.of("PIPELYNE", "1", "pipely_x", "1")).address().getPort());
  }

  @Test
  void whatWouldBreakTheLineIsNotShown() {
    assertRefused("PORT must be a number from 0 to 65535: '1?2?'", Map.of("PORT", "1\n2\u001b"));
  }

  private static Map<String, String> unknown(String name) {
    return Map.of(name, "1");
  }

  private static Settings settings(Map<String, String> environment) {
    return Settings.of(environment, Map.of());
  }

  private static void assertRefused(String message, Map<String, String> environment) {
    InvalidSettingException refusal =
        assertThrows(InvalidSettingException.class, () -> settings(environment));
    assertEquals(message, refusal.getMessage());
  }
}
