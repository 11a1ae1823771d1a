package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the process begins, ends, and what it says meanwhile. */
class LauncherIT {

  private static final String CHANNEL = "channel-0001";
  private static final Duration END_WITHIN = Duration.ofSeconds(15);
  private static final int MANY_STREAMS = 5_000;

  @Test
  void portZeroIsAnyFreePortAndTheLogTellsWhich() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.start(Map.of("PORT", "0"))) {
      assertTrue(launcher.uri().getPort() > 0);
      assertEquals(200, Http.once(launcher.uri(), RawRequest.get("/health")).status());
      // Whether the system is set up as it should be is for another test.
      List<String> out =
          launcher.out().stream().filter(line -> !line.contains("tcp_retries2")).toList();
      assertEquals(2, out.size(), launcher::toString);
      String settings = "\\S+T\\S+ INFO +\\w+: settings: PIPELY_SERVER_KEY=\\(not set\\) .*";
      assertTrue(out.get(0).matches(settings), launcher::toString);
      String entry = "\\S+T\\S+ INFO +\\w+: listening at \\S+, on all addresses of this machine";
      assertTrue(out.get(1).matches(entry), launcher::toString);
      assertEquals(List.of(), launcher.err());
    }
  }

  @Test
  void aSystemPropertyWins() throws Exception {
    try (LauncherProcess launcher =
        LauncherProcess.start(Map.of("ADDRESS", "nonsense"), "-DADDRESS=127.0.0.1:0")) {
      assertEquals("127.0.0.1", launcher.uri().getHost());
    }
  }

  @Test
  void sigtermEndsStreamsCleanlyAndExitsWithZero() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.startAnywhere();
        SseClient ann = SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, "ann"));
        SseClient bob = SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, "bob"))) {
      awaitConnect(ann, "ann");
      awaitConnect(bob, "bob");
      launcher.terminate();
      assertEquals(SseClient.End.CLEAN, ann.awaitEnd());
      assertEquals(SseClient.End.CLEAN, bob.awaitEnd());
      assertEquals(0, launcher.exitCode(END_WITHIN), launcher::toString);
      assertEquals(List.of(), launcher.err());
    }
  }

  @Test
  void sigtermEndsFiveThousandStreamsInTimeAndTellsThemWhenToComeBack() throws Exception {
    List<Socket> streams = new ArrayList<>();
    try (LauncherProcess launcher = LauncherProcess.startAnywhere()) {
      URI server = launcher.uri();
      for (int i = 0; i < MANY_STREAMS; i++) {
        streams.add(open(server, "channel-%04d".formatted(i / 20), "client-" + i));
      }
      for (Socket stream : streams) {
        assertEquals('H', stream.getInputStream().read()); // It has begun.
      }
      launcher.terminate();
      assertEquals(0, launcher.exitCode(END_WITHIN), launcher::toString);
      for (Socket stream : streams) {
        String rest = new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(rest.matches("(?s).*\n\nretry: \\d{4,5}\n\n"), rest);
        assertFalse(rest.contains("DISCONNECT"), rest);
      }
    } finally {
      for (Socket stream : streams) {
        stream.close();
      }
    }
  }

  /** Asks for a stream, and does not wait for it. */
  private static Socket open(URI server, String channelId, String clientId) throws IOException {
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout((int) END_WITHIN.toMillis());
    socket.getOutputStream().write(RawRequest.subscribe(channelId, clientId).bytes(server));
    return socket;
  }

  private static RawRequest large() throws IOException {
    return publish("\"" + "x".repeat(60_000) + "\"");
  }

  /** Has a reader take nothing more, and publishes until its buffers are full. */
  private static void stall(SseClient ann, Http publisher) throws IOException {
    awaitConnect(ann, "ann");
    ann.stopReading();
    for (int i = 0; i < 200; i++) {
      assertEquals(200, publisher.ask(large()).status());
    }
  }

  /** One reader that takes nothing has it wait; meanwhile it says so to whoever asks. */
  @Test
  void whileItShutsDownItStillAnswersAndSendsPeopleElsewhere() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.startAnywhere();
        SseClient ann =
            SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, "ann"), 4 << 10);
        Http publisher = Http.connect(launcher.uri())) {
      stall(ann, publisher);
      launcher.terminate();
      Http.Response health = Http.once(launcher.uri(), RawRequest.get("/health"));
      while (health.status() == 200) {
        health = Http.once(launcher.uri(), RawRequest.get("/health"));
      }
      assertEquals(503, health.status());
      assertEquals("shutting down", health.text());
      Http.Response published = publisher.ask(large());
      while (published.status() == 200) {
        published = publisher.ask(large());
      }
      assertEquals(503, published.status());
      try (SseClient bob = SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, "bob"))) {
        assertEquals(200, bob.status());
        bob.expectEnd();
      }
      ann.resumeReading();
      assertEquals(SseClient.End.CLEAN, ann.awaitEnd());
      assertEquals(0, launcher.exitCode(END_WITHIN), launcher::toString);
    }
  }

  /** Its buffers are full, so that its stream cannot be ended in good order. */
  @Test
  void sigtermIsNotHeldUpByAReaderThatHasStoppedReading() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.startAnywhere();
        SseClient ann =
            SseClient.open(launcher.uri(), RawRequest.subscribe(CHANNEL, "ann"), 4 << 10);
        Http publisher = Http.connect(launcher.uri())) {
      stall(ann, publisher);
      launcher.terminate();
      assertEquals(0, launcher.exitCode(END_WITHIN), launcher::toString);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "PORT,       abc,   PORT must be a number from 0 to 65535: 'abc'",
        "PORT,       65536, PORT must be a number from 0 to 65535: '65536'",
        "ADDRESS,    6550,  \"ADDRESS must be an address like ':6550', '127.0.0.1:7000' or"
            + " '[::1]:7000': '6550'\"",
        "PIPELY_KEY, 1,     PIPELY_KEY is not a setting that this server knows",
        "PIPELY_KEEP_TIME, 1s, \"PIPELY_KEEP_TIME must be at least PIPELY_STALL, which is 20s: '1s'\"",
      })
  void anInvalidSettingIsOneLineAndExitCodeTwo(String name, String value, String line)
      throws Exception {
    try (LauncherProcess launcher = LauncherProcess.start(Map.of(name, value))) {
      assertEnded(launcher, 2, line);
    }
  }

  @Test
  void aPortInUseIsOneLineAndExitCodeOne() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + other.getLocalPort();
      try (LauncherProcess launcher = LauncherProcess.start(Map.of("ADDRESS", address))) {
        assertEnded(launcher, 1, "cannot listen at " + address + ": Address already in use");
      }
    }
  }

  @Test
  void aHostThatDoesNotExistIsOneLineAndExitCodeOne() throws Exception {
    String address = "no-such-host.invalid:7000"; // RFC 2606: there never is one.
    try (LauncherProcess launcher = LauncherProcess.start(Map.of("ADDRESS", address))) {
      assertEnded(launcher, 1, "cannot listen at " + address + ": no such host");
    }
  }

  private static void assertEnded(LauncherProcess launcher, int exitCode, String line)
      throws InterruptedException {
    assertEquals(exitCode, launcher.exitCode(), launcher::toString);
    assertAll(
        () -> assertEquals(List.of(line), launcher.err()),
        () -> assertEquals(List.of(), launcher.out()));
  }

  private static void awaitConnect(SseClient client, String clientId) {
    var unused =
        client.upTo(
            "{\"channel_id\":\"%s\",\"type\":\"CONNECT\",\"origin_id\":\"%s\",\"payload\":null}"
                .formatted(CHANNEL, clientId));
  }

  private static RawRequest publish(String payload) throws IOException {
    String body =
        "{\"channel_id\":\"%s\",\"type\":\"large\",\"origin_id\":\"bob\",\"payload\":%s}"
            .formatted(CHANNEL, payload);
    return RawRequest.publish(body.getBytes(StandardCharsets.UTF_8));
  }
}
