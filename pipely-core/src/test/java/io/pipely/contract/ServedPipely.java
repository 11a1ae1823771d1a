package io.pipely.contract;

import io.pipely.Pipely;
import java.io.IOException;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A Pipely, the server in front of it, and the clients of one test, which all end with it. */
public final class ServedPipely implements AutoCloseable {

  private final Pipely pipely;
  private final RunningServer server;
  private final Queue<SseClient> clients = new ConcurrentLinkedQueue<>();

  ServedPipely(Pipely pipely, RunningServer server) {
    this.pipely = pipely;
    this.server = server;
  }

  public Pipely pipely() {
    return pipely;
  }

  public URI uri() {
    return server.uri();
  }

  /** Opens a stream. */
  public SseClient open(RawRequest request) throws IOException {
    return open(request, 0);
  }

  /** Opens a stream for whose reader the system holds only so many bytes. */
  public SseClient open(RawRequest request, int receiveBuffer) throws IOException {
    SseClient client = SseClient.open(uri(), request, receiveBuffer);
    clients.add(client);
    return client;
  }

  /** Sends a request on a connection of its own. */
  public Http.Response ask(RawRequest request) throws IOException {
    return Http.once(uri(), request);
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
