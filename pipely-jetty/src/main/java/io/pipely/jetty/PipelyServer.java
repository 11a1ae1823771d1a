package io.pipely.jetty;

import io.pipely.Pipely;
import io.pipely.http.PipelyHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks Pipely's protocol:
 *
 * <pre>{@code
 * Pipely pipely = Pipely.create();
 * PipelyServer server = PipelyServer.builder(pipely).port(6550).start();
 * server.join();
 * }</pre>
 */
public final class PipelyServer implements AutoCloseable {

  /** How long streams are waited for that have yet to take what was published. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private static final int ACCEPT_QUEUE =
      4096; // Jetty's default, 50, drops clients that come at once.

  /** What a reader that has stopped reading can hide in the kernel is bounded by it. */
  private static final int SEND_BUFFER = 64 << 10;

  /** The longest request line and header fields together. */
  private static final int MAX_HEAD = 16 << 10;

  private final Pipely pipely;
  private final Server server;
  private final ServerConnector connector;

  private PipelyServer(Pipely pipely, Server server, ServerConnector connector) {
    this.pipely = pipely;
    this.server = server;
    this.connector = connector;
  }

  public static Builder builder(Pipely pipely) {
    return new Builder(pipely);
  }

  /** Where it listens; a wildcard address is given as the loopback address. */
  public URI uri() {
    String host = connector.getHost();
    boolean isWildcard = host == null || host.equals("0.0.0.0") || host.equals("::");
    String shown = isWildcard ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + shown + ":" + connector.getLocalPort());
  }

  /** Waits until the server has been closed. */
  public void join() throws InterruptedException {
    server.join();
  }

  /**
   * Closes the {@link Pipely}, which ends all streams after what was published, and stops the
   * server. It listens, and says that it shuts down, until the last stream has ended, for 10 s at
   * most: see {@link Pipely#close(Duration)}. May be called again.
   */
  @Override
  public void close() {
    pipely.close(DRAIN);
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop cleanly", e);
    }
  }

  /** The options of a server. Not for use by several threads. */
  public static final class Builder {

    private final Pipely pipely;
    private InetSocketAddress address = new InetSocketAddress(6550);
    private Duration headTimeout = Duration.ofSeconds(10);
    private Duration bodyTimeout = PipelyHandler.BODY_TIMEOUT;
    private @Nullable PipelyHttp http;
    private @Nullable Handler handler;
    private HttpConfiguration.@Nullable Customizer customizer;

    private Builder(Pipely pipely) {
      this.pipely = Objects.requireNonNull(pipely, "pipely");
    }

    /** The port on all addresses; 6550 by default, 0 for any free one. */
    public Builder port(int port) {
      return address(new InetSocketAddress(port));
    }

    public Builder address(InetSocketAddress address) {
      this.address = Objects.requireNonNull(address, "address");
      return this;
    }

    /** The protocol with options of one's own; it must be over the same {@link Pipely}. */
    public Builder http(PipelyHttp http) {
      this.http = Objects.requireNonNull(http, "http");
      return this;
    }

    /**
     * How long a request's line and header fields may take, from the opening of a connection or
     * from the first byte of a later request on it; 10 s by default. A connection on which they
     * take longer is closed.
     *
     * @throws IllegalArgumentException where it is not positive
     */
    public Builder headTimeout(Duration time) {
      headTimeout = positive(time);
      return this;
    }

    /**
     * How long the body of a request of the protocol may take after its header fields; 30 s by
     * default. One that takes longer is refused, and its connection closed.
     *
     * @throws IllegalArgumentException where it is not positive
     */
    public Builder bodyTimeout(Duration time) {
      bodyTimeout = positive(time);
      return this;
    }

    private static Duration positive(Duration time) {
      if (time.isZero() || time.isNegative()) {
        throw new IllegalArgumentException("time must be positive: " + time);
      }
      return time;
    }

    /** What answers the requests that are not Pipely's. */
    public Builder otherwise(Handler handler) {
      this.handler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * What sees each request first, and may put one in its place that says something else about
     * where it comes from: behind a proxy, say.
     */
    public Builder customizer(HttpConfiguration.Customizer customizer) {
      this.customizer = Objects.requireNonNull(customizer, "customizer");
      return this;
    }

    /**
     * Starts it.
     *
     * @throws UncheckedIOException where the address cannot be listened at
     */
    public PipelyServer start() {
      Server server = new Server();
      HttpConfiguration configuration = new HttpConfiguration();
      configuration.setSendServerVersion(false);
      if (customizer != null) {
        configuration.addCustomizer(customizer);
      }
      configuration.setRequestHeaderSize(MAX_HEAD);
      // A lone LF ends no line: where a proxy in front sees it otherwise, requests are smuggled in.
      configuration.setHttpCompliance(HttpCompliance.STRICT);
      ServerConnector connector =
          new ServerConnector(server, new SerialConnectionFactory(configuration));
      connector.setHost(address.getHostString());
      connector.setPort(address.getPort());
      connector.setAcceptQueueSize(ACCEPT_QUEUE);
      connector.setAcceptedSendBufferSize(SEND_BUFFER);
      server.addConnector(connector);
      PipelyHttp protocol = http != null ? http : PipelyHttp.of(pipely);
      PipelyHandler pipelyHandler = new PipelyHandler(protocol);
      pipelyHandler.setBodyTimeout(bodyTimeout);
      if (handler != null) {
        pipelyHandler.setHandler(handler);
      }
      server.setHandler(HeadDeadlines.install(connector, headTimeout, pipelyHandler));
      server.setErrorHandler(new Refusals(protocol));
      try {
        server.start();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen at " + address, e);
      } catch (Exception e) {
        throw new IllegalStateException("the server did not start", e);
      }
      return new PipelyServer(pipely, server, connector);
    }
  }
}
