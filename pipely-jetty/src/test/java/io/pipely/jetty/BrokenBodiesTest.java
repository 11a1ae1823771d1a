package io.pipely.jetty;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.Patience;
import io.pipely.contract.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body that does not come to its end: what has been read of it goes back to where it is from. */
class BrokenBodiesTest {

  private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
  private final Server server = new Server(null, null, pool);
  private final ServerConnector connector = new ServerConnector(server);
  private final Pipely pipely = Pipely.create();
  private final PipelyHandler handler = new PipelyHandler(pipely);

  @BeforeEach
  void addConnector() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
  }

  @AfterEach
  void stop() throws Exception {
    pipely.close();
    server.stop();
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  private Http sendAllBut(int last, RawRequest request) throws IOException {
    byte[] bytes = request.bytes(uri());
    Http http = Http.connect(uri());
    http.send(Arrays.copyOf(bytes, bytes.length - last));
    return http;
  }

  private static byte[] spaces(int count) {
    return " ".repeat(count).getBytes(StandardCharsets.US_ASCII);
  }

  private void assertNothingIsLeft() {
    await().atMost(Patience.ONE).until(() -> connector.getConnectedEndPoints().isEmpty());
    await()
        .atMost(Patience.ONE)
        .untilAsserted(() -> assertEquals(Set.of(), pool.getLeaks(), pool::dumpLeaks));
  }

  @Test
  void theClientEndsTheConnection() throws Exception {
    server.start();
    sendAllBut(10, RawRequest.publish(spaces(1000))).close();
    assertNothingIsLeft();
  }

  @Test
  void theClientResetsTheConnection() throws Exception {
    server.start();
    sendAllBut(10, RawRequest.publish(spaces(1000))).abort();
    assertNothingIsLeft();
  }

  @Test
  void theClientEndsTheConnectionWithinAChunk() throws Exception {
    server.start();
    sendAllBut(10, RawRequest.of("POST", "/publish").chunkedBody(spaces(30_000))).close();
    assertNothingIsLeft();
  }

  @Test
  void theBodyIsTooLarge() throws Exception {
    server.start();
    RawRequest tooLarge = RawRequest.of("POST", "/publish").chunkedBody(spaces(100_000));
    assertEquals(413, Http.once(uri(), tooLarge).status());
    assertNothingIsLeft();
  }

  @Test
  void theBodyTakesTooLong() throws Exception {
    handler.setBodyTimeout(Duration.ofMillis(100));
    server.start();
    try (Http http = sendAllBut(10, RawRequest.publish(spaces(1000)))) {
      assertEquals(408, http.answerTo("POST").status());
    }
    assertNothingIsLeft();
  }
}
