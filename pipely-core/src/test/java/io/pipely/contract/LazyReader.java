package io.pipely.contract;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of an event stream that reads nothing but what it is told to. */
public final class LazyReader implements AutoCloseable {

  private final String name;
  private final Socket socket;

  private LazyReader(String name, Socket socket) {
    this.name = name;
    this.socket = socket;
  }

  /**
   * Sends a request.
   *
   * @param receiveBuffer how many bytes the system may hold for this client
   */
  public static LazyReader open(URI server, RawRequest request, int receiveBuffer)
      throws IOException {
    Socket socket = Http.socketTo(server, receiveBuffer);
    socket.getOutputStream().write(request.bytes(server));
    return new LazyReader(request.toString(), socket);
  }

  /** Reads so many bytes, so many times, with a pause ahead of each. */
  public void trickle(int bytes, int times, Duration pause)
      throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      Thread.sleep(pause.toMillis());
      if (socket.getInputStream().readNBytes(bytes).length < bytes) {
        throw new AssertionError("ended after " + i + " times: " + this);
      }
    }
  }

  /** Reads as fast as it can, until a text has come. */
  public void readUpTo(String text) throws IOException {
    StringBuilder unmatched = new StringBuilder();
    byte[] buffer = new byte[16 << 10];
    while (unmatched.indexOf(text) < 0) {
      int length = socket.getInputStream().read(buffer);
      if (length < 0) {
        throw new AssertionError("ended before " + text + ": " + this);
      }
      unmatched.delete(0, unmatched.length() - Math.min(unmatched.length(), text.length()));
      unmatched.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
    }
  }

  /** Reads to the end; whether that is a reset. */
  public boolean isReset() throws IOException {
    byte[] buffer = new byte[16 << 10];
    try {
      while (socket.getInputStream().read(buffer) >= 0) {}
      return false;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no end: " + this, e);
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
