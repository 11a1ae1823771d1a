package io.pipely.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A thousand clients of event streams on a single thread, each with its view of the channel. Not
 * for use by several threads.
 */
public final class Swarm implements AutoCloseable {

  /** One client. */
  public static final class Client {

    private final SocketChannel socket;
    private final ByteBuffer request;
    private final ChannelView view = new ChannelView();
    private final ResponseDecoder response =
        new ResponseDecoder(
            "GET",
            new FrameDecoder(
                frame -> {
                  Optional<String> event = Frames.event(frame);
                  event.ifPresent(this::take);
                }));
    private int events;

    private Client(SocketChannel socket, ByteBuffer request) {
      this.socket = socket;
      this.request = request;
    }

    public ChannelView view() {
      return view;
    }

    /** How many events have come. */
    public int events() {
      return events;
    }

    private void take(String event) {
      view.take(event);
      events++;
    }
  }

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(256 << 10);
  private final List<Client> clients = new ArrayList<>();

  public Swarm() throws IOException {}

  public List<Client> clients() {
    return clients;
  }

  /** Begins to connect one more client, which sends its request as soon as it can. */
  public void add(URI server, RawRequest request) throws IOException {
    SocketChannel socket = SocketChannel.open();
    socket.configureBlocking(false);
    Client client = new Client(socket, ByteBuffer.wrap(request.bytes(server)));
    clients.add(client);
    socket.register(selector, SelectionKey.OP_CONNECT, client);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
  }

  /** Lets all clients do what they have to until a condition holds. */
  public void runUntil(BooleanSupplier condition, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + timeout);
      }
      selector.select(this::ready, 100);
    }
  }

  private void ready(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      if (key.isConnectable() && client.socket.finishConnect()) {
        key.interestOps(SelectionKey.OP_WRITE);
      } else if (key.isWritable()) {
        client.socket.write(client.request);
        key.interestOps(
            client.request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
      } else if (key.isReadable()) {
        read(client);
      }
    } catch (IOException e) {
      throw new AssertionError("a connection was lost after " + client.events + " events", e);
    }
  }

  private void read(Client client) throws IOException {
    buffer.clear();
    if (client.socket.read(buffer) < 0) {
      throw new AssertionError("a stream ended after " + client.events + " events");
    }
    client.response.feed(buffer.array(), 0, buffer.position());
    if (client.response.isHeadComplete() && client.response.status() != 200) {
      throw new AssertionError("status " + client.response.status());
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.socket.close();
    }
    selector.close();
  }
}
