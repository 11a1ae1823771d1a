package io.pipely.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Stands between a client and a server, passes on what they say as fast or as slowly as it is told
 * to, and cuts their connections in the ways in which networks do: each after a number of bytes
 * from one of them, so that a cut may come within a request, an answer's head, a chunk or a frame.
 * For one client, which has one connection at a time.
 */
public final class Relay implements AutoCloseable {

  /** A way to lose a connection. */
  enum Cut {
    /** Both sides are told in good order, and what is under way is lost. */
    FIN,
    /** Both sides are told with a reset, and what is under way is lost. */
    RST,
    /**
     * The server's side is closed in good order; the client gets what is under way, and the end.
     */
    SERVER_END,
    /** Nobody is told anything: both sides stay open, and nothing passes any more. */
    SILENCE
  }

  /** Whose bytes there are. */
  enum Side {
    CLIENT,
    SERVER
  }

  /**
   * What becomes of a connection.
   *
   * @param after how many bytes from that side it is cut
   * @param closedAfter how many bytes of the connection after it a silent one is reset at last
   * @param pace how the bytes of both sides are passed on
   */
  public record Fate(Cut cut, Side side, long after, long closedAfter, Pace pace) {

    /** It is never cut. */
    static final Fate NONE = new Fate(Cut.FIN, Long.MAX_VALUE, 0);

    /** It is cut after bytes from the server, which are passed on as they come. */
    Fate(Cut cut, long after, long closedAfter) {
      this(cut, Side.SERVER, after, closedAfter, Pace.FULL);
    }
  }

  private final URI server;
  private final Supplier<Fate> fates;
  private final IntConsumer onSilence;
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger cuts = new AtomicInteger();

  // Guarded by this:

  private final List<Passage> passages = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean isClosed;

  private Relay(URI server, Supplier<Fate> fates, IntConsumer onSilence) throws IOException {
    this.server = server;
    this.fates = fates;
    this.onSilence = onSilence;
  }

  /**
   * Starts a relay on a free port.
   *
   * @param fates asked at each new connection, on one thread
   * @param onSilence given the client's port where a connection falls silent, since nothing else
   *     tells the client
   */
  static Relay start(URI server, Supplier<Fate> fates, IntConsumer onSilence) throws IOException {
    Relay relay = new Relay(server, fates, onSilence);
    relay.start("accept", relay::accept);
    return relay;
  }

  /** Where the server is to be found, by way of this relay. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + server.getRawPath());
  }

  /** How many connections have been cut. */
  int cuts() {
    return cuts.get();
  }

  /** Cuts what is left, and waits until all threads have ended. */
  @Override
  public void close() throws IOException {
    List<Passage> left;
    List<Thread> running;
    synchronized (this) {
      isClosed = true;
      left = new ArrayList<>(passages);
      running = new ArrayList<>(threads);
    }
    listener.close();
    for (Passage passage : left) {
      passage.reset();
    }
    for (Thread thread : running) {
      awaitEnd(thread);
    }
  }

  private void accept() {
    Passage before = null;
    try {
      while (true) {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        Socket upstream = Http.socketTo(server, 0);
        upstream.setSoTimeout(0);
        before = new Passage(client, upstream, fates.get(), before);
        begin(before);
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private synchronized void begin(Passage passage) throws IOException {
    if (isClosed) {
      passage.reset();
      return;
    }
    passages.add(passage);
    start("up", passage::up);
    start("down", passage::down);
  }

  private synchronized void start(String what, Runnable task) {
    Thread thread = new Thread(task, "relay " + listener.getLocalPort() + " " + what);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join(Patience.ONE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError("has not ended: " + thread);
    }
  }

  /** One connection of the client and the one to the server that belongs to it. */
  private final class Passage {

    private final Socket client;
    private final Socket upstream;
    private final Fate fate;
    private final Passage before;
    private volatile boolean isSilent;

    Passage(Socket client, Socket upstream, Fate fate, Passage before) {
      this.client = client;
      this.upstream = upstream;
      this.fate = fate;
      this.before = before != null && before.fate.cut() == Cut.SILENCE ? before : null;
    }

    void up() {
      pass(client, upstream, Side.CLIENT);
    }

    void down() {
      pass(upstream, client, Side.SERVER);
    }

    /** Passes on what comes from one side, until that ends or it is time for the cut. */
    private void pass(Socket from, Socket to, Side side) {
      long most = fate.side() == side ? fate.after() : Long.MAX_VALUE;
      try {
        byte[] buffer = new byte[16 << 10];
        InputStream in = from.getInputStream();
        Pace.Pump pump = fate.pace().new Pump(to.getOutputStream());
        for (long passed = 0; passed < most; ) {
          int length = in.read(buffer, 0, (int) Math.min(buffer.length, most - passed));
          if (length < 0) {
            close();
            return;
          }
          pump.pass(buffer, length);
          passed += length;
          if (side == Side.SERVER && before != null && passed > before.fate.closedAfter()) {
            before.reset();
          }
        }
        cuts.incrementAndGet();
        cut();
      } catch (IOException e) {
        close(); // As good as the end: the other side is told.
      }
    }

    private void cut() throws IOException {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      switch (fate.cut()) {
        case FIN -> {
          endUpstream(in, OutputStream.nullOutputStream());
          client.close();
        }
        case RST -> reset();
        case SERVER_END -> {
          endUpstream(in, out);
          client.shutdownOutput(); // Closed when the client closes it.
        }
        case SILENCE -> {
          isSilent = true;
          onSilence.accept(client.getPort());
        }
      }
    }

    /** What is unread when a socket is closed would make a reset of its end. */
    private void endUpstream(InputStream in, OutputStream out) throws IOException {
      upstream.shutdownOutput();
      out.write(in.readNBytes(in.available()));
      upstream.close();
    }

    private void close() {
      if (isSilent) {
        return;
      }
      try {
        upstream.close();
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void reset() throws IOException {
      Http.reset(upstream);
      Http.reset(client);
    }
  }
}
