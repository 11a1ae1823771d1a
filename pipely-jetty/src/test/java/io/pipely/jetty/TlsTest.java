package io.pipely.jetty;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.Receipt;
import io.pipely.contract.Jvm;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How streams end whose connection was taken over from below TLS. */
@Timeout(60)
class TlsTest {

  /** Less than what a channel keeps, more than what is on the way to a reader that has stopped. */
  private static final int MANY = 60;

  private static final String TEXT = "x".repeat(9_000);

  @TempDir private static Path folder;

  private final Server server = new Server();
  private Pipely pipely;
  private URI uri;

  /** A heartbeat would make up for what is not noticed at once, so there is none. */
  private void start(PipelyBuilder builder) throws Exception {
    pipely = builder.heartbeat(Duration.ofDays(1)).build();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer(false)); // The host is an address.
    ServerConnector connector =
        new ServerConnector(
            server, Certificate.in(folder), new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new PipelyHandler(pipely));
    server.start();
    uri = URI.create("https://127.0.0.1:" + connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    pipely.close();
    server.stop();
  }

  private TlsReader open(String clientId) throws Exception {
    return TlsReader.open(uri, RawRequest.subscribe(CHANNEL, clientId));
  }

  private void publishMany() {
    for (int i = 0; i < MANY; i++) {
      pipely.publish(CHANNEL, "chat", i + TEXT, Answer.<Receipt>of(receipt -> {}, why -> {}));
    }
  }

  private static String[] many(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> event("chat", "server", quoted(i + TEXT)))
        .toArray(String[]::new);
  }

  @Test
  void aReaderThatTakesNothingIsResetWhenItsTimeIsOver() throws Exception {
    start(Pipely.builder().stall(Duration.ofSeconds(1)));
    try (TlsReader anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      int before = Jvm.openDescriptors().orElse(0);
      try (TlsReader lazy = open("lazy")) {
        lazy.expect(clientList("anna", "lazy"), connect("lazy"));
        anna.expect(connect("lazy"));
        publishMany();
        List<String> meanwhile = anna.upTo(disconnect("lazy"));
        assertEquals(List.of(many(0, meanwhile.size())), meanwhile);
        anna.expect(many(meanwhile.size(), MANY));
        await().until(() -> Jvm.openDescriptors().orElse(0) <= before + 1); // The client's own.
        assertTrue(lazy.isReset(), "nothing is kept for who does not read");
      }
      assertEquals(1, pipely.stats().clients());
    }
  }

  @Test
  void aClientThatGoesIsNoticedAtOnceHoweverItGoes() throws Exception {
    start(Pipely.builder());
    try (TlsReader anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      TlsReader bert = open("bert");
      anna.expect(connect("bert"));
      bert.close();
      anna.expect(disconnect("bert"));
      TlsReader carl = open("carl");
      anna.expect(connect("carl"));
      carl.closeBelow();
      anna.expect(disconnect("carl"));
      TlsReader dora = open("dora");
      anna.expect(connect("dora"));
      dora.abort();
      anna.expect(disconnect("dora"));
    }
    await().until(() -> pipely.stats().channels() == 0);
  }

  @Test
  void theEndComesAfterAllThatWasPublished() throws Exception {
    start(Pipely.builder());
    try (TlsReader anna = open("anna")) {
      anna.expect(clientList("anna"), connect("anna"));
      publishMany();
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(() -> pipely.close(Patience.MANY));
      anna.expect(many(0, MANY));
      List<String> rest = anna.rest();
      assertEquals(2, rest.size(), rest::toString);
      assertTrue(rest.get(0).matches("retry: [0-9]+"), rest::toString);
      assertEquals("", rest.get(1));
      closing.get();
    }
  }
}
