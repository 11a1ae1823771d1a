package io.pipely.servlet;

import io.pipely.contract.ProtocolContract;
import io.pipely.contract.RunningServer;
import io.pipely.http.PipelyHttp;

/** The protocol's contract on the servlets of Jetty 12, environment ee10, at the root. */
class JettyContractTest extends ProtocolContract {

  @Override
  protected RunningServer start(PipelyHttp http) throws Exception {
    return JettyContainer.start(Mount.of(new PipelyServlet(http), "", "/*"));
  }

  /** A servlet is not let near the socket. */
  @Override
  public boolean areStalledReadersReset() {
    return false;
  }
}
