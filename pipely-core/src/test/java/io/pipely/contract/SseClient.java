package io.pipely.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client of an event stream that reads what comes on a thread of its own, keeps every frame, and
 * hands out the events one by one. It can be rude, as real ones are: vanish, or stop reading.
 */
public final class SseClient implements AutoCloseable {

  /** How a stream ended. */
  public enum End {
    /** As HTTP has it, and between two frames. */
    CLEAN,
    /** In any other way. */
    BROKEN
  }

  private final String name;
  private final Socket socket;
  private final FrameDecoder frameDecoder = new FrameDecoder(this::add);
  private final ResponseDecoder response;

  // Guarded by this:

  private final List<List<String>> frames = new ArrayList<>();

  /** How many frames have been handed out. */
  private int taken;

  private boolean isPaused;
  private boolean hasHead;
  private End end;

  /** Why it is broken, where this client knows. */
  private Throwable failure;

  private SseClient(RawRequest request, Socket socket) {
    this.name = request.toString();
    this.socket = socket;
    this.response = new ResponseDecoder(request.method(), frameDecoder);
  }

  /** Sends a request; what the answer is, is to be asked. */
  public static SseClient open(URI server, RawRequest request) throws IOException {
    return open(server, request, 0);
  }

  /**
   * Sends a request.
   *
   * @param receiveBuffer how many bytes the system may hold for this client; 0: as it likes
   */
  public static SseClient open(URI server, RawRequest request, int receiveBuffer)
      throws IOException {
    Socket socket = Http.socketTo(server, receiveBuffer);
    socket.setSoTimeout(0); // A stream may be silent for as long as it likes.
    SseClient client = new SseClient(request, socket);
    socket.getOutputStream().write(request.bytes(server));
    Thread reader = new Thread(client::read, "sse-client " + request);
    reader.setDaemon(true);
    reader.start();
    return client;
  }

  /** The status, once it is there. */
  public synchronized int status() {
    awaitHead();
    return response.status();
  }

  /** The headers, once they are there. */
  public synchronized Headers headers() {
    awaitHead();
    return response.headers();
  }

  /** All frames so far, those without an event too. */
  public synchronized List<List<String>> frames() {
    return new ArrayList<>(frames);
  }

  /** The next event: the JSON text exactly as it was sent. */
  public String next() {
    return next(Patience.ONE);
  }

  /** The next event: the JSON text exactly as it was sent. */
  public String next(Duration timeout) {
    return Frames.event(nextFrame(timeout)).orElseThrow();
  }

  /** The whole frame of the next event. */
  public List<String> nextFrame() {
    return nextFrame(Patience.ONE);
  }

  private synchronized List<String> nextFrame(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      while (taken < frames.size()) {
        List<String> frame = frames.get(taken++);
        if (Frames.event(frame).isPresent()) {
          return frame;
        }
      }
      if (end != null) {
        throw new AssertionError("no more event, the stream has ended: " + this, failure);
      }
      await(deadline, "no event within " + timeout);
    }
  }

  /** Checks that these are the next events, to the letter. */
  public void expect(String... events) {
    for (String event : events) {
      assertEquals(event, next(), name);
    }
  }

  /** The next events, up to and with one that has to come. */
  public List<String> upTo(String last) {
    List<String> events = new ArrayList<>();
    do {
      events.add(next());
    } while (!events.get(events.size() - 1).equals(last));
    return events;
  }

  /**
   * What a client that comes back gives as the last id, when it has got no further than what has
   * been handed out.
   */
  public synchronized String lastEventId() {
    return Frames.lastId(frames.subList(0, taken))
        .orElseThrow(() -> new AssertionError("no id yet: " + this))
        .toString();
  }

  /** Checks that the stream ends as HTTP has it, and with no more events. */
  public void expectEnd() {
    assertEquals(End.CLEAN, awaitEnd(), this::toString);
    synchronized (this) {
      List<String> rest =
          frames.subList(taken, frames.size()).stream()
              .flatMap(frame -> Frames.event(frame).stream())
              .toList();
      assertEquals(List.of(), rest, name);
    }
  }

  /** Stops reading: from now on the system's buffers fill, and then the server's. */
  public synchronized void stopReading() {
    isPaused = true;
  }

  /** Reads again. */
  public synchronized void resumeReading() {
    isPaused = false;
    notifyAll();
  }

  /** Whether the stream has ended. */
  public synchronized boolean hasEnded() {
    return end != null;
  }

  /** Waits until the stream has ended. */
  public End awaitEnd() {
    return awaitEnd(Patience.ONE);
  }

  /** Waits until the stream has ended. */
  public synchronized End awaitEnd(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (end == null) {
      await(deadline, "not ended within " + timeout);
    }
    return end;
  }

  /** Ends the connection with a reset (RST), as a client does that crashes. */
  public void abort() throws IOException {
    Http.reset(socket);
    resumeReading(); // As when it is closed.
  }

  /** Ends the connection in good order (FIN). */
  @Override
  public void close() throws IOException {
    socket.close();
    resumeReading(); // Or the reader would wait for ever.
  }

  @Override
  public synchronized String toString() {
    List<List<String>> last = frames.subList(Math.max(0, frames.size() - 5), frames.size());
    String answer = hasHead ? Integer.toString(response.status()) : "no answer";
    String how = end == null ? "" : ", ended " + end + (failure == null ? "" : " by " + failure);
    return "%s: %s, %d frames, %d taken, the last are %s%s"
        .formatted(name, answer, frames.size(), taken, last, how);
  }

  private void read() {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = socket.getInputStream();
      boolean isWhole = false;
      int length = 0;
      while (!isWhole && length >= 0 && awaitTurn()) {
        length = in.read(buffer);
        isWhole = length < 0 ? response.endOfInput() : feed(buffer, length);
      }
      ended(isWhole && !frameDecoder.isWithinFrame() ? End.CLEAN : End.BROKEN, null);
    } catch (IOException | InterruptedException | AssertionError e) {
      ended(End.BROKEN, e);
    }
  }

  /** True where the answer is complete. */
  private synchronized boolean feed(byte[] buffer, int length) {
    response.feed(buffer, 0, length);
    if (response.isHeadComplete() && !hasHead) {
      hasHead = true;
      notifyAll();
    }
    return response.isComplete();
  }

  private synchronized void add(List<String> frame) {
    frames.add(frame);
    notifyAll();
  }

  private synchronized void ended(End how, Throwable why) {
    end = how;
    failure = why;
    notifyAll();
  }

  private synchronized boolean awaitTurn() throws InterruptedException {
    while (isPaused) {
      wait();
    }
    return !socket.isClosed();
  }

  private synchronized void awaitHead() {
    long deadline = System.nanoTime() + Patience.ONE.toNanos();
    while (!hasHead) {
      if (end != null) {
        throw new AssertionError("the connection has ended without an answer: " + this, failure);
      }
      await(deadline, "no answer within " + Patience.ONE);
    }
  }

  private synchronized void await(long deadline, String orElse) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new AssertionError(orElse + ": " + this);
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + this, e);
    }
  }
}
