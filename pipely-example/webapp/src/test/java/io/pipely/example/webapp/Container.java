package io.pipely.example.webapp;

import java.net.URI;

/** A servlet container with the WAR deployed, as it is, at {@code /demo}. */
interface Container extends AutoCloseable {

  String CONTEXT_PATH = "/demo";

  /** Where the web application is, without a slash at its end. */
  URI uri();

  /** Undeploys the WAR; the container goes on. */
  void undeploy() throws Exception;

  /** Stops everything. May be called again. */
  @Override
  void close() throws Exception;
}
