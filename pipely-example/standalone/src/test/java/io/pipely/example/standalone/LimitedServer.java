package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Pipely;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import io.pipely.http.PipelyHttp;
import io.pipely.jetty.PipelyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A server with a limit whose time a test makes pass, and all streams that were opened to it. */
final class LimitedServer implements AutoCloseable {

  private final PipelyServer server;
  private final List<SseClient> streams = new ArrayList<>();

  /** One that trusts these networks, none where there is no text. */
  LimitedServer(Pipely pipely, RateLimit rate, ManualTicker ticker, String trusted) {
    PipelyServer.Builder builder =
        PipelyServer.builder(pipely)
            .address(new InetSocketAddress(IpAddress.parse("127.0.0.1").orElseThrow(), 0))
            .http(PipelyHttp.builder(pipely).limiter(new AddressLimiter(rate, ticker)).build());
    if (!trusted.isEmpty()) {
      builder.customizer(new TrustedProxies(Values.networks(trusted)));
    }
    server = builder.start();
  }

  Http.Response ask(RawRequest request) throws IOException {
    return Http.once(server.uri(), request);
  }

  /** The same from another address of this machine. */
  Http.Response askFrom(String address, RawRequest request) throws IOException {
    try (Http http = Http.connectFrom(IpAddress.parse(address).orElseThrow(), server.uri())) {
      return http.ask(request);
    }
  }

  /** Opens a stream, which must not be refused. */
  SseClient join(RawRequest subscribe) throws IOException {
    SseClient client = SseClient.open(server.uri(), subscribe);
    streams.add(client);
    assertEquals(200, client.status(), client::toString);
    return client;
  }

  @Override
  public void close() throws IOException {
    for (SseClient stream : streams) {
      stream.close();
    }
    server.close();
  }
}
