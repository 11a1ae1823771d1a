package io.pipely.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What lies between a node and its Redis, and can be broken in several ways. */
public final class Relay implements AutoCloseable {

  private final int target;
  private final ServerSocket server;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();

  private volatile boolean isCut;
  private volatile boolean isSilent;
  private volatile boolean losesAnswers;
  private volatile boolean losesMessages;

  public Relay(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    inBackground(this::accept);
  }

  public String uri() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /** Closes all connections, and lets none be made. */
  public void cut() {
    isCut = true;
    pairs.forEach(Pair::close);
  }

  /** Lets nothing more pass, and says nothing of it. */
  void silence() {
    isSilent = true;
  }

  /** Loses what Redis answers, until all is mended; not what it tells subscribers. */
  void loseAnswers() {
    losesAnswers = true;
  }

  /** Loses what Redis tells subscribers, until all is mended. */
  void loseMessages() {
    losesMessages = true;
  }

  /** Ends all of the above, with new connections. */
  public void mend() {
    pairs.forEach(Pair::close);
    isCut = false;
    isSilent = false;
    losesAnswers = false;
    losesMessages = false;
  }

  /** Closes the connections of those who are told what is published. */
  void cutFeeds() {
    pairs.stream().filter(pair -> pair.isFeed).forEach(Pair::close);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      if (isCut) {
        client.close();
      } else {
        try {
          new Pair(client, new Socket(InetAddress.getLoopbackAddress(), target)).start();
        } catch (IOException e) {
          client.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    pairs.forEach(Pair::close);
  }

  private final class Pair {
    private final Socket client;
    private final Socket redis;
    private volatile boolean isFeed;

    Pair(Socket client, Socket redis) {
      this.client = client;
      this.redis = redis;
    }

    void start() {
      pairs.add(this);
      inBackground(() -> pass(client, redis, true));
      inBackground(() -> pass(redis, client, false));
    }

    private void pass(Socket from, Socket to, boolean isToRedis) {
      byte[] buffer = new byte[1 << 16];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
          isFeed |= isToRedis && text.contains("SSUBSCRIBE");
          boolean isLost = isSilent || (!isToRedis && (isFeed ? losesMessages : losesAnswers));
          if (!isLost) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // Ends as if it had ended by itself.
      }
      close();
    }

    void close() {
      pairs.remove(this);
      try {
        client.close();
        redis.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The relay is closed.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
