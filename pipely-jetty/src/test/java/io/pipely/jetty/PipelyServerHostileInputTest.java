package io.pipely.jetty;

import io.pipely.Pipely;
import io.pipely.contract.ContractFixture;
import io.pipely.contract.HostileInputContract;
import io.pipely.contract.RunningServer;
import io.pipely.contract.SecretsContract;
import io.pipely.contract.SyntaxContract;
import io.pipely.http.PipelyHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** What is no HTTP, or hardly, sent to a whole server, of which every answer is ours. */
class PipelyServerHostileInputTest extends ContractFixture
    implements HostileInputContract, SyntaxContract, SecretsContract {

  @Override
  public boolean isHttpOurs() {
    return true;
  }

  @Override
  protected RunningServer start(PipelyHttp http) {
    // The one that is served is closed ahead of it.
    PipelyServer server =
        PipelyServer.builder(Pipely.create())
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .http(http)
            .start();
    return new RunningServer() {
      @Override
      public URI uri() {
        return server.uri();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}
