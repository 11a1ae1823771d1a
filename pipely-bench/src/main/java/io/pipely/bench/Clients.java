package io.pipely.bench;

import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * Two HTTP clients, since streams stay while requests come and go: one connection for each stream,
 * and some that are kept alive for publishing.
 */
final class Clients implements AutoCloseable {

  /** What waits for a connection; a server that is so far behind will not catch up. */
  private static final int QUEUE = 1 << 20;

  /**
   * Shorter than what servers allow, so that none closes a connection as a request is sent on it.
   */
  private static final Duration IDLE = Duration.ofSeconds(15);

  private static final Duration NEVER = Duration.ZERO;

  private final HttpClient streams;
  private final HttpClient publishing;

  private Clients(HttpClient streams, HttpClient publishing) {
    this.streams = streams;
    this.publishing = publishing;
  }

  static Clients start(int streams, int publishers) {
    return new Clients(client("streams", streams, NEVER), client("publish", publishers, IDLE));
  }

  private static HttpClient client(String name, int connections, Duration idle) {
    HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP();
    // What is told of an answer is handled by the thread that has read it: no change of threads.
    transport.setInvocationType(InvocationType.NON_BLOCKING);
    HttpClient client = new HttpClient(transport);
    client.setName(name);
    client.setMaxConnectionsPerDestination(connections);
    client.setMaxRequestsQueuedPerDestination(QUEUE);
    client.setIdleTimeout(idle.toMillis());
    client.setFollowRedirects(false);
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP client did not start", e);
    }
    // Decoders are made at the start; a compressed stream would measure the compression.
    client.getContentDecoderFactories().clear();
    return client;
  }

  HttpClient streams() {
    return streams;
  }

  HttpClient publishing() {
    return publishing;
  }

  @Override
  public void close() {
    try {
      publishing.stop();
      streams.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP client did not stop cleanly", e);
    }
  }
}
