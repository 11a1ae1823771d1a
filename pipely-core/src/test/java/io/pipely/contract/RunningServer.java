package io.pipely.contract;

import java.net.URI;

/** A server that an adapter has started for one test, with nothing but Pipely on it. */
public interface RunningServer extends AutoCloseable {

  /** Where Pipely is: {@code http://127.0.0.1:port}, or with the path it is mounted at. */
  URI uri();

  /** Stops the server and lets go of its port. */
  @Override
  void close();
}
