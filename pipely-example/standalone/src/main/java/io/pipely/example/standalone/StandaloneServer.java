package io.pipely.example.standalone;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.config.TextOptions;
import io.pipely.http.PipelyHttp;
import io.pipely.jetty.PipelyServer;
import io.pipely.redis.RedisLedgerBuilder;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts put together: the protocol, the pages, the health check, and the statistics. */
final class StandaloneServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);
  private static final Duration STATISTICS_PERIOD = Duration.ofMinutes(5);

  private final Settings settings;
  private final PipelyServer server;
  private final HealthHandler health;
  private final Statistics statistics;

  private StandaloneServer(
      Settings settings, PipelyServer server, HealthHandler health, Statistics statistics) {
    this.settings = settings;
    this.server = server;
    this.health = health;
    this.statistics = statistics;
  }

  /**
   * Starts everything.
   *
   * @throws CannotListenException where the address cannot be listened at
   * @throws CannotReachRedisException where there is to be a Redis, and it does not answer
   */
  static StandaloneServer start(Settings settings) {
    InetSocketAddress address = settings.address();
    Pipely pipely = pipely(settings);
    HealthHandler health = new HealthHandler();
    PipelyHttp.Builder http = PipelyHttp.builder(pipely).limiter(settings.rateLimit().limiter());
    settings.options().applyTo(http);
    PipelyServer.Builder serverBuilder =
        PipelyServer.builder(pipely)
            .address(address)
            .http(http.build())
            .otherwise(new Handler.Sequence(health, new Pages()));
    if (!settings.trustedProxies().isEmpty()) {
      serverBuilder.customizer(new TrustedProxies(settings.trustedProxies()));
    }
    PipelyServer server;
    try {
      server = serverBuilder.start();
    } catch (UncheckedIOException e) {
      pipely.close();
      throw new CannotListenException(address, e);
    }
    return new StandaloneServer(
        settings, server, health, Statistics.start(pipely, STATISTICS_PERIOD));
  }

  private static Pipely pipely(Settings settings) {
    PipelyBuilder builder = Pipely.builder();
    TextOptions options = settings.options();
    options.applyTo(builder);
    RedisLedgerBuilder redis = settings.redis();
    if (redis != null) {
      try {
        builder.ledger(redis.keep(options.keepBytes(), options.keepTime()).connect());
      } catch (IllegalStateException e) {
        throw new CannotReachRedisException(redis.toString(), e);
      }
    }
    return builder.build();
  }

  URI uri() {
    return server.uri();
  }

  /** Logs what holds, and where it listens, which the settings may have left to the system. */
  void announce() {
    LOG.info("settings: {}", settings.effective());
    InetSocketAddress address = settings.address();
    boolean isAnywhere = !address.isUnresolved() && address.getAddress().isAnyLocalAddress();
    LOG.info("listening at {}{}", uri(), isAnywhere ? ", on all addresses of this machine" : "");
  }

  /** Ends all streams in good order, which it waits for, and stops listening then. */
  @Override
  public void close() {
    health.shutDown();
    statistics.close();
    server.close();
  }
}
