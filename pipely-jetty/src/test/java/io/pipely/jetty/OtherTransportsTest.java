package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Answer;
import io.pipely.Pipely;
import io.pipely.Receipt;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams over what is not plain HTTP/1.1: the same events, and an end that is noticed at once. */
@Timeout(60)
class OtherTransportsTest {

  private final Pipely pipely = Pipely.builder().heartbeat(Duration.ofDays(1)).build();
  private final Server server = new Server();

  @AfterEach
  void stop() throws Exception {
    pipely.close();
    server.stop();
  }

  private URI start(ServerConnector connector, String scheme) throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new PipelyHandler(pipely));
    server.start();
    return URI.create(scheme + "://127.0.0.1:" + connector.getLocalPort());
  }

  private void streamIsWhole(URI uri, HttpClient client, String version) throws Exception {
    client.start();
    try {
      InputStreamResponseListener stream = new InputStreamResponseListener();
      client
          .newRequest(uri + "/subscribe?channelId=" + CHANNEL + "&clientId=anna")
          .idleTimeout(0, TimeUnit.SECONDS)
          .send(stream);
      var response = stream.get(10, TimeUnit.SECONDS);
      assertEquals(200, response.getStatus());
      assertEquals(version, response.getVersion().asString());
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
        expect(lines, clientList("anna"));
        expect(lines, connect("anna"));
        for (int i = 0; i < 20; i++) {
          String payload = i + "x".repeat(i * 2_000);
          pipely.publish(CHANNEL, "chat", payload, Answer.<Receipt>of(r -> {}, why -> {}));
          expect(lines, event("chat", "server", '"' + payload + '"'));
        }
      }
    } finally {
      client.stop();
    }
    await().until(() -> pipely.stats().clients() == 0);
  }

  private static void expect(BufferedReader lines, String event) throws Exception {
    String line = lines.readLine();
    while (line.startsWith("retry: ") || line.startsWith("id: ")) {
      line = lines.readLine();
    }
    assertEquals("data: " + event, line);
    assertEquals("", lines.readLine());
  }

  @Test
  void http2() throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    URI uri =
        start(
            new ServerConnector(
                server,
                new HttpConnectionFactory(configuration),
                new HTTP2CServerConnectionFactory(configuration)),
            "http");
    streamIsWhole(
        uri, new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())), "HTTP/2.0");
  }

  @Test
  void tls(@TempDir Path folder) throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer(false)); // The host is an address.
    URI uri =
        start(
            new ServerConnector(
                server, Certificate.in(folder), new HttpConnectionFactory(configuration)),
            "https");
    ClientConnector trusting = new ClientConnector();
    trusting.setSslContextFactory(new SslContextFactory.Client(true));
    streamIsWhole(uri, new HttpClient(new HttpClientTransportOverHTTP(trusting)), "HTTP/1.1");
  }
}
