package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Answers;
import io.pipely.contract.Events;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.redis.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Launchers that share a Redis. */
class ManyNodesIT {

  private static final String CHANNEL = "channel-0001";
  private static final String TOKEN = "the-token-of-carol-and-nobody";

  /** A node is taken for dead after 8 s. */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(30);

  private static LauncherProcess node(TestRedis redis) throws IOException {
    return LauncherProcess.start(
        Map.of("ADDRESS", "127.0.0.1:0", "PIPELY_REDIS", redis.uri(), "PIPELY_WARM_UP", "0"));
  }

  @Test
  void clientsOfTwoNodesAreInOneChannelAndOutliveANode() throws Exception {
    try (TestRedis redis = TestRedis.any();
        LauncherProcess east = node(redis);
        LauncherProcess west = node(redis);
        SseClient ann = SseClient.open(east.uri(), RawRequest.subscribe(CHANNEL, "ann"));
        SseClient bob = join(west, ann, RawRequest.subscribe(CHANNEL, "bob"), "bob");
        SseClient carol = join(west, ann, carol(), "carol")) {
      carol.upTo(Events.connect("carol"));
      String event = Events.event("chat", "bob", "1");
      Answers.assertAccepted(Http.once(west.uri(), RawRequest.publish(event)));
      ann.expect(event);
      carol.expect(event);
      bob.upTo(event);
      String seen = carol.lastEventId();

      west.close(); // It is killed.
      String missed = Events.event("chat", "ann", "2");
      Answers.assertAccepted(Http.once(east.uri(), RawRequest.publish(missed)));
      ann.expect(missed);
      try (SseClient back = SseClient.open(east.uri(), carol().lastEventId(seen))) {
        back.upTo(missed);
        assertEquals(Events.disconnect("bob"), ann.next(NOTICED_WITHIN));
        back.expect(Events.disconnect("bob"));
      }
    }
  }

  /** Opens a stream, and waits until a witness has been told. */
  private static SseClient join(
      LauncherProcess node, SseClient witness, RawRequest subscribe, String clientId)
      throws IOException {
    SseClient client = SseClient.open(node.uri(), subscribe);
    witness.upTo(Events.connect(clientId));
    return client;
  }

  private static RawRequest carol() {
    return RawRequest.subscribe(CHANNEL, "carol").header("Pipely-Token", TOKEN);
  }

  @Test
  void aRedisThatDoesNotAnswerIsOneLineAndExitCodeOne() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String address = "127.0.0.1:" + port;
    try (LauncherProcess launcher =
        LauncherProcess.start(Map.of("PIPELY_REDIS", "redis://:canary-password@" + address))) {
      assertEquals(1, launcher.exitCode(), launcher::toString);
      assertEquals(1, launcher.err().size(), launcher::toString);
      String line = "cannot reach Redis at redis://" + address;
      assertTrue(launcher.err().get(0).startsWith(line), launcher::toString);
      assertFalse(launcher.toString().contains("canary"), launcher::toString);
    }
  }

  @Test
  void whatIsNoUriIsOneLineWithoutThePassword() throws Exception {
    try (LauncherProcess launcher =
        LauncherProcess.start(Map.of("PIPELY_REDIS", "http://:canary-password@example.org"))) {
      assertEquals(2, launcher.exitCode(), launcher::toString);
      String line =
          "PIPELY_REDIS must be a URI like 'redis://localhost:6379' or"
              + " 'rediss://user:password@example.org:6380/0'";
      assertEquals(List.of(line), launcher.err());
    }
  }
}
