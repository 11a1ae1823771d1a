package io.pipely.endurance.nodes;

import io.pipely.contract.EventId;
import io.pipely.contract.Frames;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.endurance.stress.Fact;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A member of one channel at one node. With a token it comes back whenever its stream ends, by way
 * of the other node where its own does not answer; without one it is gone then. It keeps all that
 * it has received.
 */
final class Guest implements AutoCloseable {

  private static final Duration FOR_EVER = Duration.ofDays(1);

  /** Ahead of another attempt; spread, as clients do it. */
  private static final int PAUSE_MILLIS = 200;

  private final String channelId;
  private final String clientId;
  private final boolean hasToken;

  /** Its own first. */
  private final List<URI> nodes;

  /** One after the other. */
  private final List<SseClient> streams = new CopyOnWriteArrayList<>();

  private final Thread thread = new Thread(this::run);
  private volatile boolean isClosed;

  /** Why it was not let in last. */
  private volatile String refusal = "";

  /** Its thread's alone. */
  private boolean isGone;

  Guest(String channelId, String clientId, boolean hasToken, List<URI> nodes) {
    this.channelId = channelId;
    this.clientId = clientId;
    this.hasToken = hasToken;
    this.nodes = nodes;
    thread.setName("guest " + clientId);
    thread.setDaemon(true);
    thread.start();
  }

  String channelId() {
    return channelId;
  }

  String clientId() {
    return clientId;
  }

  List<SseClient> streams() {
    return streams;
  }

  private void run() {
    int unanswered = 0;
    while (!isClosed && !isGone) {
      URI node = nodes.get(unanswered % nodes.size());
      try (SseClient stream = SseClient.open(node, subscribe())) {
        unanswered = 0;
        if (stream.status() == 200) {
          streams.add(stream);
          stream.awaitEnd(FOR_EVER);
          if (hasBegun(stream)) {
            isGone = !hasToken;
          }
        } else {
          refusal = stream.status() + " " + stream.headers();
        }
      } catch (IOException | AssertionError e) {
        unanswered++;
        refusal = e.toString(); // The node is away, or has ended while it was asked.
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(PAUSE_MILLIS / 4, PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RawRequest subscribe() {
    RawRequest subscribe = RawRequest.subscribe(channelId, clientId);
    if (!hasToken) {
      return subscribe;
    }
    RawRequest mine = subscribe.token("the-token-of-" + clientId + "-in-" + channelId);
    return lastId().map(id -> mine.lastEventId(id.toString())).orElse(mine);
  }

  /** What it has got as far as; empty before its first event. */
  Optional<EventId> lastId() {
    for (int s = streams.size() - 1; s >= 0; s--) {
      Optional<EventId> id = Frames.lastId(streams.get(s).frames());
      if (id.isPresent()) {
        return id;
      }
    }
    return Optional.empty();
  }

  /** Ends its stream, and so goes to its own node again. */
  void goHome() throws IOException {
    streams.get(streams.size() - 1).close();
  }

  /** Whether its stream is there. */
  boolean isServed() {
    if (streams.isEmpty()) {
      return false;
    }
    SseClient stream = streams.get(streams.size() - 1);
    return hasBegun(stream) && !stream.hasEnded();
  }

  /** Whether it has let it in: a stream may say only when to come back. */
  private static boolean hasBegun(SseClient stream) {
    return stream.frames().stream().anyMatch(frame -> Frames.event(frame).isPresent());
  }

  /** Who is there by what its stream has told; empty before the first list. */
  Set<String> view() {
    Set<String> view = new LinkedHashSet<>();
    for (List<String> frame : streams.get(streams.size() - 1).frames()) {
      Frames.event(frame).map(Fact::of).ifPresent(fact -> fact.applyTo(view));
    }
    return view;
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    for (SseClient stream : streams) {
      stream.close();
    }
    thread.interrupt();
  }

  @Override
  public String toString() {
    return clientId + " in " + channelId + (refusal.isEmpty() ? "" : ", refused by " + refusal);
  }
}
