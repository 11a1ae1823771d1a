package io.pipely.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Pipely;
import java.io.IOException;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A Pipely, the server in front of it, and the clients of one test, which all end with it. */
public final class ServedPipely implements AutoCloseable {

  private final Pipely pipely;
  private final RunningServer server;
  private final Losses losses;
  private final Queue<SseClient> clients = new ConcurrentLinkedQueue<>();

  public ServedPipely(Pipely pipely, RunningServer server, Losses losses) {
    this.pipely = pipely;
    this.server = server;
    this.losses = losses;
  }

  public Pipely pipely() {
    return pipely;
  }

  public URI uri() {
    return server.uri();
  }

  /** Subscribes, which must not be refused. */
  public SseClient join(RawRequest subscribe) throws IOException {
    SseClient client = open(subscribe);
    assertEquals(200, client.status(), client::toString);
    return client;
  }

  /** Opens a stream. */
  public SseClient open(RawRequest request) throws IOException {
    return open(request, 0);
  }

  /** Opens a stream for whose reader the system holds only so many bytes. */
  public SseClient open(RawRequest request, int receiveBuffer) throws IOException {
    return open(uri(), request, receiveBuffer);
  }

  /** The same at one server of several. */
  public SseClient open(URI server, RawRequest request, int receiveBuffer) throws IOException {
    SseClient client = SseClient.open(server, request, receiveBuffer);
    clients.add(client);
    return client;
  }

  /** Sends a request on a connection of its own. */
  public Http.Response ask(RawRequest request) throws IOException {
    return Http.once(uri(), request);
  }

  /**
   * Waits until the server has noticed that the connection of a member with a token is gone, which
   * nobody else can see; once for each time.
   */
  public void awaitLost(String clientId) {
    losses.await(clientId);
  }

  @Override
  public void close() throws IOException {
    try {
      for (SseClient client : clients) {
        client.close();
      }
    } finally {
      pipely.close();
      server.close();
    }
  }
}
