package io.pipely.endurance;

import io.pipely.contract.LazyReader;
import io.pipely.contract.RawRequest;
import io.pipely.contract.Together;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that read, and never enough: a thousand bytes a second each, one after the other. */
final class Tricklers implements AutoCloseable {

  private static final int BYTES = 1000;
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** The client's system then says often that it has room, so that the server can see it read. */
  private static final int SMALL_BUFFER = 16 << 10;

  private final List<LazyReader> all = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "tricklers");
  private volatile boolean isStopped;
  private volatile Throwable failure;

  void add(URI server, RawRequest request) throws IOException {
    all.add(LazyReader.open(server, request, SMALL_BUFFER));
  }

  /** Begins to read; nobody can be added any more. */
  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!isStopped) {
        for (LazyReader reader : all) {
          reader.trickle(BYTES, 1, PERIOD.dividedBy(all.size()));
        }
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  /** Ends the trickling; fails where the server has closed one of them meanwhile. */
  void stop() throws InterruptedException {
    isStopped = true;
    thread.join();
    if (failure != null) {
      throw new AssertionError("one could not go on", failure);
    }
  }

  /** Has them all read as fast as they can, until each has received a text. */
  void readUpTo(String text) throws Exception {
    Together.run(all.size(), i -> all.get(i).readUpTo(text));
  }

  @Override
  public void close() throws IOException {
    isStopped = true;
    for (LazyReader reader : all) {
      reader.close();
    }
  }
}
