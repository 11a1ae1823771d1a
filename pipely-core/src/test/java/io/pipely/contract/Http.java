package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One connection to a server, for one request after the other. Not for use by several threads. */
public final class Http implements AutoCloseable {

  /** A whole answer. */
  public record Response(int status, Headers headers, byte[] body) {

    /** The body, which has to be UTF-8. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return status + " " + headers + " " + text();
    }
  }

  private final URI server;
  private final Socket socket;
  private final byte[] buffer = new byte[16 << 10];

  /** What has been read and not yet used, as far as the answer after the last one goes. */
  private int from;

  private int to;

  private Http(URI server, Socket socket) {
    this.server = server;
    this.socket = socket;
  }

  public static Http connect(URI server) throws IOException {
    return new Http(server, socketTo(server, 0));
  }

  /** Connects from an address of this machine that is not the one the system would choose. */
  public static Http connectFrom(InetAddress local, URI server) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(local, 0));
    return new Http(server, connect(socket, server));
  }

  /** Sends one request on a connection of its own. */
  public static Response once(URI server, RawRequest request) throws IOException {
    try (Http http = connect(server)) {
      return http.ask(request);
    }
  }

  /** Sends a request and waits for the whole answer. */
  public Response ask(RawRequest request) throws IOException {
    send(request.bytes(server));
    return answerTo(request.method());
  }

  /** Sends bytes, whatever they are. */
  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // A server need not read a request to its end to refuse it: its answer tells.
      return;
    }
  }

  /** Says that nothing more will be sent. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Waits for a whole answer to a request with that method. */
  public Response answerTo(String method) throws IOException {
    Response response = nextAnswer(method);
    if (response == null) {
      throw new AssertionError("no answer, the connection has ended");
    }
    return response;
  }

  /**
   * Waits for a whole answer, or for the head of an endless one; null where the connection ends
   * without another.
   */
  Response nextAnswer(String method) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ResponseDecoder decoder =
        new ResponseDecoder(method, (bytes, start, end) -> body.write(bytes, start, end - start));
    while (!decoder.isComplete()) {
      if (decoder.isHeadComplete() && isStream(decoder)) {
        break;
      }
      if (from == to && !fill()) {
        if (decoder.isUntouched()) {
          return null;
        }
        if (!decoder.endOfInput()) {
          throw new AssertionError("the answer has been cut short: " + body);
        }
        break;
      }
      from = decoder.feed(buffer, from, to);
    }
    return new Response(decoder.status(), decoder.headers(), body.toByteArray());
  }

  private static boolean isStream(ResponseDecoder decoder) {
    return decoder.headers().all("Content-Type").contains("text/event-stream");
  }

  private boolean fill() throws IOException {
    try {
      int length = socket.getInputStream().read(buffer);
      from = 0;
      to = Math.max(length, 0);
      return length > 0;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no (whole) answer within " + Patience.ONE, e);
    }
  }

  /** Ends the connection with a reset (RST), as a client does that crashes. */
  public void abort() throws IOException {
    reset(socket);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /**
   * A connected socket whose reads fail after some time.
   *
   * @param receiveBuffer in bytes, or 0 for the system's choice
   */
  static Socket socketTo(URI server, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer); // To have an effect, before connecting.
    }
    return connect(socket, server);
  }

  private static Socket connect(Socket socket, URI server) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Patience.ONE.toMillis());
    socket.connect(
        new InetSocketAddress(server.getHost(), server.getPort()), (int) Patience.ONE.toMillis());
    return socket;
  }

  /** Ends a connection with a reset (RST), unless another thread has just ended it otherwise. */
  static void reset(Socket socket) throws IOException {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      if (!socket.isClosed()) {
        throw e;
      }
    }
    socket.close();
  }
}
