package io.pipely.jetty;

import io.pipely.http.PipelyHttp;

/** The protocol's contract on Jetty where connections are not taken over. */
class StandardPathContractTest extends PipelyHandlerContractTest {

  @Override
  protected PipelyHandler handler(PipelyHttp http) {
    PipelyHandler handler = super.handler(http);
    handler.setTakeOver(false);
    return handler;
  }
}
