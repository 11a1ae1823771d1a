package io.pipely.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;

/** The event streams. One thread opens them; the client's threads read them. */
final class Streams {

  /** How many are opened at a time; more would be a test of the server's accept queue. */
  private static final int OPENING = 128;

  private final HttpClient client;
  private final LoadOptions options;
  private final Channels channels;
  private final Marker.Listener listener;
  private final Troubles troubles;
  private final AtomicInteger joined = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private volatile boolean isClosing;

  /**
   * Opens nothing yet.
   *
   * @param listener is told of every marker in every stream, on the client's threads, so it must
   *     not block
   */
  Streams(
      HttpClient client,
      LoadOptions options,
      Channels channels,
      Marker.Listener listener,
      Troubles troubles) {
    this.client = client;
    this.options = options;
    this.channels = channels;
    this.listener = listener;
    this.troubles = troubles;
  }

  /** Opens all, and waits until each has joined or has been refused. */
  void open() throws InterruptedException {
    for (int i = 0; i < channels.streams(); i++) {
      int opened = i;
      if (!Progress.await(() -> opened - answered.get() < OPENING, answered::get)) {
        break;
      }
      String path = options.subscribe(channels.of(i), "member-" + i);
      client.newRequest(options.url() + path).send(new Stream());
    }
    if (!Progress.await(() -> answered.get() == channels.streams(), answered::get)) {
      troubles.count("no answer to a subscription for a long time");
    }
  }

  int joined() {
    return joined.get();
  }

  /** Whether any that has joined is still there. */
  boolean isAnyOpen() {
    return closed.get() < joined.get();
  }

  /** From here on it is no trouble that a stream ends. */
  void closing() {
    isClosing = true;
  }

  /** One stream; called by one thread at a time. */
  private final class Stream implements Response.Listener {

    private final Marker.Scanner scanner = new Marker.Scanner(listener);
    private boolean isAnswered;

    @Override
    public void onHeaders(Response response) {
      if (response.getStatus() == 200) {
        joined.incrementAndGet();
      } else {
        troubles.refused("stream", response);
      }
      isAnswered = true;
      answered.incrementAndGet();
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
      while (content.hasRemaining()) {
        scanner.next(content.get());
      }
    }

    @Override
    public void onComplete(Result result) {
      if (!isAnswered) {
        troubles.failed("stream", result.getFailure());
        answered.incrementAndGet();
      } else if (result.getResponse().getStatus() == 200 && !isClosing) {
        troubles.count("stream closed by the server");
        closed.incrementAndGet();
      }
    }
  }
}
