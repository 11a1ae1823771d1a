package io.pipely.servlet;

import io.pipely.contract.RunningServer;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty with its servlet environment ee10 on a free port. */
final class JettyContainer implements RunningServer {

  private final Server server;
  private final ServerConnector connector;
  private final Mount mount;

  private JettyContainer(Server server, ServerConnector connector, Mount mount) {
    this.server = server;
    this.connector = connector;
    this.mount = mount;
  }

  static JettyContainer start(Mount mount) throws Exception {
    Server server = new Server();
    // Without a pool, as SECURITY.md advises: Jetty's own connections may share a buffer by
    // accident.
    ServerConnector connector =
        new ServerConnector(
            server, null, null, ByteBufferPool.NON_POOLING, -1, -1, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096); // A thousand clients come at once.
    connector.setAcceptedSendBufferSize(16 << 10); // As the README says.
    connector.setIdleTimeout(5000); // A sixth of the default.
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath(mount.context().isEmpty() ? "/" : mount.context());
    ServletHolder holder = new ServletHolder("pipely", mount.servlet());
    holder.setAsyncSupported(mount.isAsyncSupported());
    holder.setInitOrder(1);
    holder.setInitParameters(mount.initParams());
    context.addServlet(holder, mount.mapping());
    server.setHandler(context);
    JettyContainer container = new JettyContainer(server, connector, mount);
    try {
      server.start();
      return container;
    } catch (Throwable e) {
      container.close();
      throw e;
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + mount.base());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty did not stop", e);
    }
  }
}
