package io.pipely.example.webapp;

import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with its environment for Jakarta EE 10. */
final class JettyContainer implements Container {

  private final Server server;
  private final WebAppContext context;
  private final ServerConnector connector;

  private JettyContainer(Server server, WebAppContext context, ServerConnector connector) {
    this.server = server;
    this.context = context;
    this.connector = connector;
  }

  static JettyContainer start(Path war, Path folder) throws Exception {
    Server server = new Server();
    // Without a pool, as SECURITY.md advises: Jetty's own connections may share a buffer by
    // accident.
    ServerConnector connector =
        new ServerConnector(
            server, null, null, ByteBufferPool.NON_POOLING, -1, -1, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    WebAppContext context = new WebAppContext(war.toString(), CONTEXT_PATH);
    context.setTempDirectory(folder.resolve("jetty").toFile());
    context.setThrowUnavailableOnStartupException(true);
    server.setHandler(context);
    server.start();
    return new JettyContainer(server, context, connector);
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + CONTEXT_PATH);
  }

  @Override
  public void undeploy() throws Exception {
    context.stop();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
