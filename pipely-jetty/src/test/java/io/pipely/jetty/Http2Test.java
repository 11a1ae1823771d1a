package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.Receipt;
import io.pipely.contract.Patience;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How streams of HTTP/2 end, several of which share a connection, in the clear and over TLS. */
@Timeout(60)
class Http2Test {

  /** More than the window of a stream of which nothing is read. */
  private static final int MANY = 20;

  private static final String TEXT = "x".repeat(9_000);

  /** So many a second are taken for abuse by far. */
  private static final int RAPID = 1_000;

  private static final RateControl.Factory UNLIMITED =
      new RateControl.Factory() {
        @Override
        public RateControl newRateControl(EndPoint endPoint) {
          return RateControl.NO_RATE_CONTROL;
        }
      };

  private enum Transport {
    CLEAR,
    TLS
  }

  @TempDir private static Path folder;

  private final Server server = new Server();
  private Pipely pipely;
  private URI uri;

  private void start(Transport transport, PipelyBuilder builder) throws Exception {
    start(transport, builder, true);
  }

  /** A heartbeat would make up for what is not noticed at once, so there is none. */
  private void start(Transport transport, PipelyBuilder builder, boolean isRateControlled)
      throws Exception {
    pipely = builder.heartbeat(Duration.ofDays(1)).build();
    HttpConfiguration configuration = new HttpConfiguration();
    boolean isSecure = transport == Transport.TLS;
    AbstractHTTP2ServerConnectionFactory http2;
    if (isSecure) {
      configuration.addCustomizer(new SecureRequestCustomizer(false)); // The host is an address.
      http2 = new HTTP2ServerConnectionFactory(configuration);
    } else {
      http2 = new HTTP2CServerConnectionFactory(configuration);
    }
    if (!isRateControlled) {
      http2.setRateControlFactory(UNLIMITED);
    }
    ServerConnector connector =
        isSecure
            ? new ServerConnector(
                server,
                new SslConnectionFactory(Certificate.in(folder), http2.getProtocol()),
                http2)
            : new ServerConnector(server, new HttpConnectionFactory(configuration), http2);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new PipelyHandler(pipely));
    server.start();
    uri = URI.create((isSecure ? "https" : "http") + "://127.0.0.1:" + connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    pipely.close();
    server.stop();
  }

  private void publish(String payload) {
    pipely.publish(CHANNEL, "chat", payload, Answer.<Receipt>of(receipt -> {}, why -> {}));
  }

  private static String chat(String payload) {
    return event("chat", "server", quoted(payload));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamOfWhichNothingIsReadIsResetAndTheOthersOfItsConnectionGoOn(Transport transport)
      throws Exception {
    start(transport, Pipely.builder().stall(Duration.ofSeconds(1)));
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      Http2Stream lazy = connection.subscribe(CHANNEL, "lazy");
      lazy.awaitEvent(connect("lazy"));
      lazy.stopReading();
      for (int i = 0; i < MANY; i++) {
        publish(i + TEXT);
        anna.awaitEvent(chat(i + TEXT));
      }
      await().until(lazy::isReset);
      anna.awaitEvent(disconnect("lazy"));
      publish("afterwards");
      anna.awaitEvent(chat("afterwards"));
      assertFalse(anna.isReset());
      assertFalse(connection.isEnded());
      assertEquals(1, pipely.stats().clients());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamThatReadsAgainInTimeHasMissedNothing(Transport transport) throws Exception {
    start(transport, Pipely.builder());
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      anna.stopReading();
      for (int i = 0; i < MANY; i++) {
        publish(i + TEXT);
      }
      anna.resumeReading();
      anna.awaitEvent(chat(MANY - 1 + TEXT));
      assertEquals(2 + MANY, anna.events().size());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamThatItsClientResetsIsOneMemberLess(Transport transport) throws Exception {
    start(transport, Pipely.builder());
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      Http2Stream bert = connection.subscribe(CHANNEL, "bert");
      bert.awaitEvent(connect("bert"));
      bert.reset();
      anna.awaitEvent(disconnect("bert"));
      publish("afterwards");
      anna.awaitEvent(chat("afterwards"));
      assertEquals(
          List.of(
              clientList("anna"),
              connect("anna"),
              connect("bert"),
              disconnect("bert"),
              chat("afterwards")),
          anna.events());
    }
  }

  /** Jetty goes on with streams whose client has said that it will not ask for more, and left. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void aConnectionThatIsEndedInGoodOrderIsNoticedByTheNextWrite(Transport transport)
      throws Exception {
    start(transport, Pipely.builder());
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      try (Http2Connection other = Http2Connection.open(uri)) {
        other.subscribe(CHANNEL, "bert").awaitEvent(connect("bert"));
      }
      await().until(this::isAnyInputShutDown);
      publish("once");
      anna.awaitEvent(chat("once"));
      anna.awaitEvent(disconnect("bert"));
    }
  }

  private boolean isAnyInputShutDown() {
    return ((ServerConnector) server.getConnectors()[0])
        .getConnectedEndPoints().stream().anyMatch(EndPoint::isInputShutdown);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theEndComesAfterAllThatWasPublished(Transport transport) throws Exception {
    start(transport, Pipely.builder());
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      anna.stopReading();
      for (int i = 0; i < MANY; i++) {
        publish(i + TEXT);
      }
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(() -> pipely.close(Patience.MANY));
      anna.resumeReading();
      await().until(anna::isWhole);
      assertEquals(2 + MANY, anna.events().size());
      assertTrue(anna.text().matches("(?s).*\n\nretry: [0-9]+\n\n"), "a whole last frame");
      assertFalse(anna.isReset());
      closing.get();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aThousandStreamsThatAreResetAtOnceLeaveNothingBehind(Transport transport) throws Exception {
    start(transport, Pipely.builder(), false);
    try (Http2Connection connection = Http2Connection.open(uri)) {
      Http2Stream anna = connection.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      for (int i = 0; i < RAPID; i++) {
        connection.subscribe(CHANNEL, "client-" + i).reset();
      }
      await().atMost(Patience.MANY).until(() -> pipely.stats().clients() == 1 && isNobodyAtWork());
      await().until(() -> origins(anna, "CONNECT").equals(origins(anna, "DISCONNECT")));
      publish("afterwards");
      anna.awaitEvent(chat("afterwards"));
      assertFalse(connection.isEnded());
    }
  }

  /** Who has come, or gone, as often as that was told, by name; but for the one who is there. */
  private static List<String> origins(Http2Stream stream, String type) {
    return stream.events().stream()
        .filter(event -> event.contains(quoted(type)))
        .map(event -> event.replaceAll(".*\"origin_id\":\"([^\"]*)\".*", "$1"))
        .filter(origin -> !origin.equals("anna"))
        .sorted()
        .toList();
  }

  /** No thread is in the project's code, save for the test's own. */
  private static boolean isNobodyAtWork() {
    return Thread.getAllStackTraces().values().stream()
        .map(frames -> Arrays.stream(frames).map(StackTraceElement::getClassName).toList())
        .filter(classes -> !classes.contains(Http2Test.class.getName()))
        .flatMap(List::stream)
        .noneMatch(name -> name.startsWith("io.pipely."));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whoResetsTooManyStreamsIsCutOffAndItsMembersAreGone(Transport transport) throws Exception {
    start(transport, Pipely.builder());
    try (Http2Connection connection = Http2Connection.open(uri);
        Http2Connection other = Http2Connection.open(uri)) {
      Http2Stream anna = other.subscribe(CHANNEL, "anna");
      anna.awaitEvent(connect("anna"));
      for (int i = 0; i < RAPID && !connection.isEnded(); i++) {
        connection.subscribeAndReset(CHANNEL, "client-" + i);
      }
      await().until(connection::isEnded);
      await().until(() -> pipely.stats().clients() == 1);
      publish("afterwards");
      anna.awaitEvent(chat("afterwards"));
    }
  }
}
