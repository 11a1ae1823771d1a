package io.pipely.contract;

import io.pipely.PipelyListener;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** Knows which members have lost their connections: no client is told of that during the grace. */
public final class Losses implements PipelyListener {

  private final Queue<String> clientIds = new ConcurrentLinkedQueue<>();

  @Override
  public void lost(String channelId, String clientId) {
    clientIds.add(clientId);
  }

  /** Waits for a loss of that member, and then forgets it. */
  void await(String clientId) {
    Awaitility.await(clientId + " is lost")
        .atMost(Patience.ONE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> clientIds.remove(clientId));
  }
}
