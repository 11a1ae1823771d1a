package io.pipely.jetty;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Jetty's connection, save that one thread at a time reads and parses what comes. What is no HTTP
 * is answered in the middle of parsing it, and as soon as that answer is complete, Jetty (12.1.14)
 * has another thread read on, though the first is not done with the buffer. Both may give it back
 * then, or one reads into it what the other has given back: so bytes of one client have ended up in
 * the request of another.
 */
final class SerialConnection extends HttpConnection {

  /** Held for long only by the one thread that handles a request: nobody else is to read then. */
  private final Lock lock = new ReentrantLock();

  SerialConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
    super(configuration, connector, endPoint);
  }

  @Override
  public void onFillable() {
    lock.lock();
    try {
      super.onFillable();
    } finally {
      lock.unlock();
    }
  }
}
