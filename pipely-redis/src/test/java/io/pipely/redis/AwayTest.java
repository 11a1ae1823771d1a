package io.pipely.redis;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.pipely.Pipely;
import io.pipely.contract.Frames;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.jetty.PipelyServer;
import io.pipely.testing.Logs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients, and those who read the log, see of a Redis that is away. */
class AwayTest {

  @Test
  void streamsStayOpenAndTheRestIsToBeTriedAgain() throws Exception {
    try (Logs logs = Logs.of(Connection.class, Level.INFO);
        TestRedis redis = TestRedis.start();
        RedisLedger ledger = RedisLedger.connect(redis.uri());
        Pipely pipely = Pipely.builder().ledger(ledger).build();
        PipelyServer server =
            PipelyServer.builder(pipely)
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start();
        SseClient ann = SseClient.open(server.uri(), RawRequest.subscribe(CHANNEL, "ann"))) {
      URI uri = server.uri();
      ann.upTo(connect("ann"));

      redis.kill();
      await().until(() -> !ledger.isAvailable());
      for (RawRequest request :
          List.of(
              RawRequest.publish(event("chat", "ann", "1")),
              RawRequest.get("/channel/" + CHANNEL),
              RawRequest.get("/channel/unknown-channel"))) {
        Http.Response answer = Http.once(uri, request);
        assertEquals(503, answer.status(), answer::toString);
        assertEquals("store_unavailable", answer.headers().only("Pipely-Error"));
        assertTrue(Integer.parseInt(answer.headers().only("Retry-After")) > 0, answer::toString);
      }
      try (SseClient bob = SseClient.open(uri, RawRequest.subscribe(CHANNEL, "bob"))) {
        assertEquals(200, bob.status());
        assertEquals(SseClient.End.CLEAN, bob.awaitEnd());
        assertEquals(1, bob.frames().size(), bob::toString);
        assertTrue(Frames.retry(bob.frames().get(0)).orElse(0) >= 1000, bob::toString);
      }

      redis.startAgain();
      await().until(ledger::isAvailable);
      await()
          .until(
              () -> Http.once(uri, RawRequest.publish(event("chat", "ann", "2"))).status() == 200);
      ann.upTo(event("chat", "ann", "2"));
      List<String> lines = logs.lines();
      String name = "Redis at " + redis.uri() + " is ";
      assertEquals(3, lines.size(), lines::toString);
      assertEquals("INFO " + name + "available", lines.get(0));
      assertTrue(lines.get(1).startsWith("WARN " + name + "not available: "), lines::toString);
      assertEquals("INFO " + name + "available", lines.get(2));
    }
  }
}
