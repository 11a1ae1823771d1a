package io.pipely.contract;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/** A client of an event stream that reads nothing but what it is told to. */
final class LazyReader implements AutoCloseable {

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
  static LazyReader open(URI server, RawRequest request, int receiveBuffer) throws IOException {
    Socket socket = Http.socketTo(server, receiveBuffer);
    socket.getOutputStream().write(request.bytes(server));
    return new LazyReader(request.toString(), socket);
  }

  /** Reads so many bytes, so many times, with a pause ahead of each. */
  void trickle(int bytes, int times, Duration pause) throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      Thread.sleep(pause.toMillis());
      if (socket.getInputStream().readNBytes(bytes).length < bytes) {
        throw new AssertionError("ended after " + i + " times: " + this);
      }
    }
  }

  /** Reads to the end; whether that is a reset. */
  boolean isReset() throws IOException {
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
