package io.pipely.endurance;

import static io.pipely.contract.Events.connect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.Answers;
import io.pipely.contract.Events;
import io.pipely.contract.Frames;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.testing.ProxyKind;
import io.pipely.testing.ProxyProcess;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams on which nothing happens, with all times as they really are. */
@Tag("long")
class IdleProxiesIT {

  /** What takes longer than nginx waits for a server, 60 s, and HAProxy as Debian has it, 50 s. */
  private static final int SIGNS_OF_LIFE = 2;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void idleStreamsOutliveTheTimeoutsOfProxies() throws Exception {
    List<SseClient> streams = new ArrayList<>();
    for (ServerKind serverKind : ServerKind.values()) {
      ServerProcess server = ServerProcess.start(serverKind, Map.of());
      open.push(server);
      for (ProxyKind proxyKind : ProxyKind.values()) {
        ProxyProcess proxy =
            ProxyProcess.start(proxyKind, proxyKind.plain(ProxiesIT.ROOT), server.uri());
        open.push(proxy);
        String clientId = proxyKind.toString();
        SseClient stream =
            SseClient.open(proxy.uri(), RawRequest.subscribe(Events.CHANNEL, clientId));
        open.push(stream);
        stream.upTo(connect(clientId));
        streams.add(stream);
      }
    }

    await().atMost(PATIENCE).until(() -> streams.stream().allMatch(IdleProxiesIT::wasIdle));

    String event = Events.event("chat", "publisher", "1");
    for (AutoCloseable each : open) {
      if (each instanceof ServerProcess server) {
        Answers.assertAccepted(Http.once(server.uri(), RawRequest.publish(event)));
      }
    }
    for (SseClient stream : streams) {
      List<String> events = stream.upTo(event);
      assertEquals(0, events.stream().filter(each -> each.contains("DISCONNECT")).count());
    }
  }

  private static boolean wasIdle(SseClient stream) {
    long signs = stream.frames().stream().filter(frame -> Frames.event(frame).isEmpty()).count();
    return signs >= SIGNS_OF_LIFE;
  }
}
