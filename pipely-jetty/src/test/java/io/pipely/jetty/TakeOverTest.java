package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Pipely;
import io.pipely.Receipt;
import io.pipely.contract.Jvm;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the server around it still knows of a stream whose connection was taken over. */
@Timeout(60)
class TakeOverTest {

  /** A heartbeat would make up for what is not noticed at once, so there is none. */
  private final Pipely pipely = Pipely.builder().heartbeat(Duration.ofDays(1)).build();

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  @BeforeEach
  void addConnector() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
  }

  @AfterEach
  void stop() throws Exception {
    pipely.close();
    server.stop();
  }

  private void start(Handler handler) throws Exception {
    server.setHandler(handler);
    server.start();
  }

  private SseClient open(String clientId) throws IOException {
    return open(RawRequest.subscribe(CHANNEL, clientId));
  }

  private SseClient open(RawRequest subscribe) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    return SseClient.open(uri, subscribe);
  }

  private void publish(String payload) {
    pipely.publish(CHANNEL, "chat", payload, Answer.<Receipt>of(receipt -> {}, why -> {}));
  }

  @Test
  void aClientThatGoesIsNoticedAtOnceAndInOrder() throws Exception {
    start(new PipelyHandler(pipely));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      SseClient bert = open("bert");
      anna.expect(connect("bert"));
      bert.close();
      anna.expect(disconnect("bert"));
      SseClient carl = open("carl");
      anna.expect(connect("carl"));
      carl.abort();
      anna.expect(disconnect("carl"));
    }
    await().until(() -> pipely.stats().channels() == 0);
  }

  /** As nginx, by its defaults, asks for everything. */
  @Test
  void aClientOfHttp10ThatGoesIsNoticedAtOnceToo() throws Exception {
    start(new PipelyHandler(pipely));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      SseClient bert =
          open(RawRequest.subscribe(CHANNEL, "bert").http10().header("Connection", "close"));
      bert.expect(clientList("anna", "bert"), connect("bert"));
      anna.expect(connect("bert"));
      bert.close();
      anna.expect(disconnect("bert"));
      SseClient carl = open(RawRequest.subscribe(CHANNEL, "carl").http10());
      anna.expect(connect("carl"));
      carl.abort();
      anna.expect(disconnect("carl"));
    }
    await().until(() -> pipely.stats().channels() == 0);
  }

  @Test
  void whatAClientSendsBehindItsRequestIsIgnored() throws Exception {
    start(new PipelyHandler(pipely));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      String request = "GET /subscribe?channelId=" + CHANNEL + "&clientId=anna HTTP/1.1\r\n";
      String more = "Host: localhost\r\n\r\nGET /channels HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write((request + more).getBytes(StandardCharsets.US_ASCII));
      await().until(() -> pipely.stats().clients() == 1);
      socket.getOutputStream().write("and more".getBytes(StandardCharsets.US_ASCII));
      publish("last");
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertEquals("HTTP/1.1 200 OK", lines.readLine());
      String line = lines.readLine();
      while (!line.equals("data: " + event("chat", "server", "\"last\""))) {
        assertFalse(line.startsWith("HTTP/1.1"), "no second answer");
        line = lines.readLine();
      }
    }
    await().until(() -> pipely.stats().clients() == 0);
  }

  /** A selector keeps the connection that it has seen to last, until it has another to see to. */
  @Test
  void aConnectionThatIsKeptAfterItsEndKeepsNothingOfTheStream() throws Exception {
    Queue<Connection> kept = keepConnections();
    start(new PipelyHandler(pipely));
    openTwoThatGo();
    Jvm.awaitNothingOfStreams();
    assertEquals(4, kept.size(), "of HTTP and of what took over");
  }

  @Test
  void norDoesOneThatWasNotTakenOver() throws Exception {
    Queue<Connection> kept = keepConnections();
    start(new StatisticsHandler(new PipelyHandler(pipely)));
    openTwoThatGo();
    Jvm.awaitNothingOfStreams();
    assertEquals(2, kept.size(), "of HTTP");
  }

  private Queue<Connection> keepConnections() {
    Queue<Connection> kept = new ConcurrentLinkedQueue<>();
    connector.addBean(
        new Connection.Listener() {
          @Override
          public void onOpened(Connection connection) {
            kept.add(connection);
          }
        });
    return kept;
  }

  private void openTwoThatGo() throws Exception {
    SseClient anna = open("anna");
    anna.expect(clientList("anna"), connect("anna"));
    SseClient bert = open("bert");
    anna.expect(connect("bert"));
    bert.abort();
    anna.close();
    await()
        .until(
            () -> {
              publish("two"); // It may take a write to notice that the client has gone.
              return pipely.stats().channels() == 0;
            });
  }

  @Test
  void connectionStatisticsCountItOnceAndItsBytes() throws Exception {
    ConnectionStatistics statistics = new ConnectionStatistics();
    connector.addBean(statistics);
    start(new PipelyHandler(pipely));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      publish("x".repeat(20_000));
      anna.next();
      assertEquals(1, statistics.getConnections());
    }
    await().until(() -> statistics.getConnections() == 0);
    assertTrue(statistics.getSentBytes() > 20_000, "sent: " + statistics.getSentBytes());
  }

  @Test
  void theLimitOfConnectionsCountsIt() throws Exception {
    NetworkConnectionLimit limit = new NetworkConnectionLimit(1_000, server);
    server.addBean(limit);
    start(new PipelyHandler(pipely));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      assertEquals(1, limit.getNetworkConnectionCount());
    }
    await().until(() -> limit.getNetworkConnectionCount() == 0);
  }

  /** It wraps the response, so the stream stays with Jetty's layers, where it can be watched. */
  @Test
  void aStatisticsHandlerSeesAllOfAStream() throws Exception {
    StatisticsHandler statistics = new StatisticsHandler(new PipelyHandler(pipely));
    start(statistics);
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      publish("one");
      anna.expect(event("chat", "server", "\"one\""));
      assertEquals(1, statistics.getRequestsActive());
    }
    await()
        .until(
            () -> {
              publish("two"); // It takes a write to notice that the client has gone.
              return statistics.getRequestsActive() == 0;
            });
  }

  /** Repeated, since the stop may come in the midst of the taking over. */
  @RepeatedTest(5)
  void aGracefulStopDoesNotWaitForItAndEndsItCleanly() throws Exception {
    server.setStopTimeout(Duration.ofDays(1).toMillis());
    start(new GracefulHandler(new PipelyHandler(pipely)));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      server.stop();
      assertEquals(SseClient.End.CLEAN, anna.awaitEnd());
    }
    await().until(() -> pipely.stats().clients() == 0);
  }

  @Test
  void aReaderThatFallsBehindGetsAllOnceItReadsAgain() throws Exception {
    connector.setAcceptedSendBufferSize(32 << 10);
    start(new PipelyHandler(pipely));
    try (SseClient anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      anna.stopReading();
      String text = "x".repeat(9_000);
      for (int i = 0; i < 90; i++) { // Less than what a channel keeps, more than a socket takes.
        publish(i + text);
      }
      anna.resumeReading();
      for (int i = 0; i < 90; i++) {
        anna.expect(event("chat", "server", "\"" + i + text + "\""));
      }
    }
  }
}
