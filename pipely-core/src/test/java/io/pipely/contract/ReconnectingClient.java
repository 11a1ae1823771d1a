package io.pipely.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A client with a token that comes back whenever its stream ends, at once, and says which event was
 * the last it has seen. It keeps every event that it receives.
 */
public final class ReconnectingClient implements AutoCloseable {

  /** An event and the id that came with it; an empty one where none came. */
  public record Received(String id, String event) {

    /** Its place among its channel's events. */
    public long number() {
      return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }
  }

  /** How long to wait after "token in use twice": until the lost connection has been noticed. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int CONFLICT = 409;

  private final String clientId;
  private final Thread thread = new Thread(this::run);
  private Relay relay;
  private URI server;

  // Guarded by this:

  private final List<Received> received = new ArrayList<>();
  private final List<String> memberLists = new ArrayList<>();
  private final List<Duration> returns = new ArrayList<>();
  private String lastId = "";
  private Socket socket;
  private int connections;
  private int refusals;
  private boolean isAway;
  private boolean isClosed;
  private Throwable failure;

  private ReconnectingClient(String clientId) {
    this.clientId = clientId;
    thread.setName("reconnecting-client " + clientId);
    thread.setDaemon(true);
  }

  /** Connects to a server. */
  public static ReconnectingClient start(URI server, String clientId) {
    ReconnectingClient client = new ReconnectingClient(clientId);
    client.server = server;
    client.thread.start();
    return client;
  }

  /** Connects to a server by way of a relay of its own. */
  public static ReconnectingClient start(URI server, String clientId, Supplier<Relay.Fate> fates)
      throws IOException {
    ReconnectingClient client = new ReconnectingClient(clientId);
    client.relay = Relay.start(server, fates, client::hangUp);
    client.server = client.relay.uri();
    client.thread.start();
    return client;
  }

  public String clientId() {
    return clientId;
  }

  /** All events so far, save the member lists. */
  public synchronized List<Received> received() {
    return new ArrayList<>(received);
  }

  /** The member lists so far: one for each stream, and one ahead of each GAP. */
  public synchronized List<String> memberLists() {
    return new ArrayList<>(memberLists);
  }

  /** For each stream but the first, the time from its request to its first event. */
  synchronized List<Duration> returns() {
    return new ArrayList<>(returns);
  }

  /** How often it has connected, and how often it was told to come back later. */
  public synchronized int connections() {
    return connections;
  }

  synchronized int refusals() {
    return refusals;
  }

  /** How many of its connections have been cut. */
  public int cuts() {
    return relay == null ? 0 : relay.cuts();
  }

  /** Waits until an event has come. */
  public void await(String event) {
    await(event, 1);
  }

  /** Waits until an event has come so many times. */
  void await(String event, int times) {
    await(each -> each.event().equals(event), times);
  }

  /** Waits until something has come that moves it on to an id: that event, or a GAP up to it. */
  public void awaitId(String id) {
    await(each -> each.id().equals(id), 1);
  }

  private synchronized void await(Predicate<Received> isAwaited, int times) {
    long deadline = System.nanoTime() + Patience.MANY.toNanos();
    int found = 0;
    for (int i = 0; found < times; i++) {
      awaitMoreThan(i, deadline);
      found += isAwaited.test(received.get(i)) ? 1 : 0;
    }
  }

  /** Waits until more than so many events have come. */
  synchronized void awaitMoreThan(int count) {
    awaitMoreThan(count, System.nanoTime() + Patience.MANY.toNanos());
  }

  private synchronized void awaitMoreThan(int count, long deadline) {
    while (received.size() <= count) {
      check();
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("what is awaited has not come: " + this);
      }
      pause(left);
    }
  }

  /** Fails where something came that must not. */
  public synchronized void check() {
    if (failure != null) {
      throw new AssertionError(failure + ": " + this, failure);
    }
  }

  /**
   * Ends the connection and does not come back before {@link #comeBack}.
   *
   * @param isRude with a reset
   */
  synchronized void stayAway(boolean isRude) throws IOException {
    isAway = true;
    if (isRude) {
      Http.reset(socket);
    } else {
      socket.close();
    }
  }

  synchronized void comeBack() {
    isAway = false;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      isClosed = true;
      notifyAll();
      if (socket != null) {
        socket.close();
      }
    }
    if (relay != null) {
      relay.close();
    }
    awaitThatItStops();
  }

  @Override
  public synchronized String toString() {
    List<Received> last = received.subList(Math.max(0, received.size() - 3), received.size());
    String counts = received.size() + " events, " + connections + " connections, ";
    return clientId + ": " + counts + refusals + " refusals, " + cuts() + " cuts, last " + last;
  }

  private void run() {
    try {
      long refusedSince = 0;
      while (awaitTurn()) {
        boolean isRefused = connect();
        refusedSince = isRefused ? awaitThatItIsNoticed(refusedSince) : 0;
      }
    } catch (RuntimeException | AssertionError e) {
      fail(e);
    }
  }

  private void awaitThatItStops() {
    try {
      thread.join(Patience.ONE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError("has not ended: " + thread);
    }
  }

  private synchronized void fail(Throwable why) {
    failure = why;
    notifyAll();
  }

  private synchronized boolean awaitTurn() {
    while (isAway && !isClosed) {
      pause(Patience.ONE.toNanos());
    }
    return !isClosed;
  }

  private synchronized long awaitThatItIsNoticed(long since) {
    refusals++;
    long now = System.nanoTime();
    if (since != 0 && now - since > Patience.MANY.toNanos()) {
      throw new AssertionError("refused for longer than " + Patience.MANY);
    }
    if (!isClosed) {
      pause(PAUSE.toNanos());
    }
    return since == 0 ? now : since;
  }

  /** Reads one stream to its end; true where there was none because of the one before. */
  private boolean connect() {
    Stream stream = new Stream();
    ResponseDecoder response = new ResponseDecoder("GET", new FrameDecoder(stream::take));
    try (Socket connected = Http.socketTo(server, 0)) {
      if (!use(connected)) {
        return false;
      }
      connected.getOutputStream().write(subscribe().bytes(server));
      byte[] buffer = new byte[16 << 10];
      InputStream in = connected.getInputStream();
      int length = 0;
      while (length >= 0 && !response.isComplete() && !isRefused(response)) {
        response.feed(buffer, 0, length);
        length = response.isComplete() ? -1 : in.read(buffer);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing for " + Patience.ONE + ", not even a sign of life", e);
    } catch (IOException e) {
      // The connection was lost: what this client is there for.
    }
    return isRefused(response);
  }

  private static boolean isRefused(ResponseDecoder response) {
    if (!response.isHeadComplete() || response.status() == 200) {
      return false;
    }
    if (response.status() != CONFLICT) {
      throw new AssertionError("status " + response.status());
    }
    return true;
  }

  /** False where it must not connect at present. */
  private synchronized boolean use(Socket connected) {
    if (isAway || isClosed) {
      return false;
    }
    socket = connected;
    connections++;
    return true;
  }

  private synchronized void hangUp(int port) {
    if (socket.getLocalPort() == port) {
      try {
        socket.close();
      } catch (IOException e) {
        fail(e);
      }
    }
  }

  private synchronized RawRequest subscribe() {
    RawRequest subscribe =
        RawRequest.subscribe(Events.CHANNEL, clientId)
            .header("Pipely-Token", "the-token-of-" + clientId);
    return lastId.isEmpty() ? subscribe : subscribe.header("Last-Event-ID", lastId);
  }

  private synchronized void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + this, e);
    }
  }

  private synchronized void take(String id, String event, boolean isFirst) {
    boolean isList = event.contains("\"type\":\"CLIENT_LIST\"");
    if (isFirst && !isList) {
      throw new AssertionError("the first event of a stream is no member list: " + event);
    }
    if (event.contains("\"type\":\"REPLACED\"")) {
      throw new AssertionError("replaced, and nobody else has its token");
    }
    if (isList) {
      memberLists.add(event);
    } else {
      received.add(new Received(id, event));
    }
    notifyAll();
  }

  private synchronized void returned(Duration time) {
    if (connections > 1) {
      returns.add(time);
    }
  }

  private synchronized void seen(String id) {
    lastId = id;
  }

  /** One connection's frames. */
  private final class Stream {

    private final long start = System.nanoTime();
    private boolean isFirst = true;

    void take(List<String> frame) {
      Optional<String> event = Frames.event(frame);
      String id = Frames.id(frame).map(EventId::toString).orElse("");
      if (event.isPresent()) {
        if (isFirst) {
          returned(Duration.ofNanos(System.nanoTime() - start));
        }
        ReconnectingClient.this.take(id, event.get(), isFirst);
        isFirst = false;
      }
      if (!id.isEmpty()) {
        seen(id); // A sign of life moves it on too.
      }
    }
  }
}
