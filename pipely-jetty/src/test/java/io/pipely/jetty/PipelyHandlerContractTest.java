package io.pipely.jetty;

import io.pipely.contract.ProtocolContract;
import io.pipely.contract.RunningServer;
import io.pipely.http.PipelyHttp;
import java.net.URI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The protocol's contract on Jetty. */
public class PipelyHandlerContractTest extends ProtocolContract {

  protected PipelyHandler handler(PipelyHttp http) {
    return new PipelyHandler(http);
  }

  @Override
  protected RunningServer start(PipelyHttp http) throws Exception {
    Server server = new Server();
    ServerConnector connector =
        new ServerConnector(server, new SerialConnectionFactory(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096); // A thousand clients come at once.
    server.addConnector(connector);
    server.setHandler(handler(http));
    server.start();
    return new RunningServer() {
      @Override
      public URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
      }

      @Override
      public void close() {
        try {
          server.stop();
        } catch (Exception e) {
          throw new IllegalStateException("the server did not stop", e);
        }
      }
    };
  }
}
