package io.pipely.jetty;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/**
 * Makes connections for HTTP/1 that one thread at a time reads from. Jetty's own, of 12.1.14 at
 * least, go on reading when they have refused what is no HTTP, while another thread is not done
 * with the buffer, so that bytes of one client can end up in the request of another. {@link
 * PipelyServer} has it; a server of one's own takes it in place of {@link HttpConnectionFactory}:
 *
 * <pre>{@code
 * new ServerConnector(server, new SerialConnectionFactory(new HttpConfiguration()))
 * }</pre>
 */
public final class SerialConnectionFactory extends HttpConnectionFactory {

  /**
   * A factory, as {@link HttpConnectionFactory} is otherwise.
   *
   * @param configuration what the connections share, not null
   */
  public SerialConnectionFactory(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    SerialConnection connection = new SerialConnection(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }
}
