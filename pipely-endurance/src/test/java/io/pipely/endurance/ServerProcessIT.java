package io.pipely.endurance;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the other tests take on trust. */
class ServerProcessIT {

  @ParameterizedTest
  @EnumSource
  void aServerIsSeenFromOutsideAndEndsWithItsTest(ServerKind kind) throws Exception {
    ServerProcess ended;
    try (ServerProcess server = ServerProcess.start(kind, Map.of("heartbeat", "1s"))) {
      ended = server;
      try (SseClient ann = SseClient.open(server.uri(), RawRequest.subscribe(CHANNEL, "ann"))) {
        ann.upTo(connect("ann"));
        assertEquals(1, server.instances().get("io.pipely.core.Member"), server::toString);
      }
      assertTrue(server.openDescriptors() > 3);
      assertTrue(server.threads() > 3);
      assertTrue(server.residentBytes() > 1 << 20);
    }
    assertFalse(ended.isAlive());
  }
}
