package io.pipely.servlet;

import io.pipely.contract.ProtocolContract;
import io.pipely.contract.RunningServer;
import io.pipely.http.PipelyHttp;

/** The protocol's contract on Tomcat 10.1, below a path. */
class TomcatContractTest extends ProtocolContract {

  @Override
  protected RunningServer start(PipelyHttp http) throws Exception {
    return TomcatContainer.start(Mount.of(new PipelyServlet(http), "/app", "/pipely/*"));
  }

  /** A servlet is not let near the socket. */
  @Override
  public boolean areStalledReadersReset() {
    return false;
  }
}
