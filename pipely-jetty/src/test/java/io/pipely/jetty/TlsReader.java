package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A client of an event stream over TLS that reads nothing but what it is told to. */
final class TlsReader implements AutoCloseable {

  /** What the system may hold for one. */
  private static final int SMALL_BUFFER = 16 << 10;

  private final Socket below;
  private final SSLSocket socket;
  private final BufferedReader lines;

  private TlsReader(Socket below, SSLSocket socket) throws IOException {
    this.below = below;
    this.socket = socket;
    this.lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Sends a request, and reads the head of what is answered. */
  static TlsReader open(URI server, RawRequest request) throws Exception {
    SslContextFactory.Client trusting = new SslContextFactory.Client(true);
    trusting.start();
    Socket below = new Socket();
    below.setReceiveBufferSize(SMALL_BUFFER);
    below.setSoTimeout((int) Patience.ONE.toMillis());
    below.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    SSLSocket socket =
        (SSLSocket)
            trusting
                .getSslContext()
                .getSocketFactory()
                .createSocket(below, server.getHost(), server.getPort(), true);
    socket.getOutputStream().write(request.bytes(server));
    TlsReader reader = new TlsReader(below, socket);
    assertEquals("HTTP/1.1 200 OK", reader.lines.readLine());
    while (!reader.lines.readLine().isEmpty()) {
      // The rest of the head.
    }
    return reader;
  }

  /** Reads the next events, which have to be these. */
  void expect(String... events) throws IOException {
    for (String event : events) {
      assertEquals(event, next());
    }
  }

  /** Reads the next events, up to and without one that has to come. */
  List<String> upTo(String last) throws IOException {
    List<String> events = new ArrayList<>();
    for (String event = next(); !event.equals(last); event = next()) {
      events.add(event);
    }
    return events;
  }

  private String next() throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("data: ")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new AssertionError("the stream has ended");
    }
    assertEquals("", lines.readLine());
    return line.substring("data: ".length());
  }

  /** Reads up to the end, which has to be one in good order; what came before it. */
  List<String> rest() throws IOException {
    List<String> rest = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      rest.add(line);
    }
    return rest;
  }

  /** Reads to the end; whether that is a reset. */
  boolean isReset() throws IOException {
    try {
      rest();
      return false;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no end", e);
    } catch (IOException e) {
      return true;
    }
  }

  /** Ends the connection in good order below TLS, of which its end is not told. */
  void closeBelow() throws IOException {
    below.close();
  }

  /** Ends the connection with a reset. */
  void abort() throws IOException {
    below.setSoLinger(true, 0);
    below.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
