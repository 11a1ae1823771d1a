package io.pipely.contract;

import io.pipely.PipelyBuilder;
import io.pipely.http.PipelyHttp;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * What each group of the contract's tests has at hand. The groups are interfaces so that one test
 * class of an adapter can take on all of them, and report each test under its own name.
 */
public interface Contract {

  /** A Pipely and a server that nobody but this test uses. */
  ServedPipely served();

  /** One more of them, with other options of the rules and of the protocol. */
  ServedPipely serve(UnaryOperator<PipelyBuilder> rules, UnaryOperator<PipelyHttp.Builder> protocol)
      throws Exception;

  /** One more of them, with other options of the protocol. */
  default ServedPipely serve(UnaryOperator<PipelyHttp.Builder> protocol) throws Exception {
    return serve(UnaryOperator.identity(), protocol);
  }

  /** One more of them, with other rules. */
  default ServedPipely serveBy(UnaryOperator<PipelyBuilder> rules) throws Exception {
    return serve(rules, UnaryOperator.identity());
  }

  /**
   * How many places in a channel's log a takeover takes up: none, save where several nodes share
   * the channel and tell each other of it.
   */
  default int placesOfATakeover() {
    return 0;
  }

  /** Joins the channel that most tests use. */
  default SseClient join(String clientId) throws IOException {
    return join(RawRequest.subscribe(Events.CHANNEL, clientId));
  }

  /** Joins it, or creates it, with a password. */
  default SseClient join(String clientId, String password) throws IOException {
    return join(RawRequest.subscribe(Events.CHANNEL, clientId, password));
  }

  /** Subscribes, which must not be refused. */
  default SseClient join(RawRequest subscribe) throws IOException {
    return served().join(subscribe);
  }

  default Http.Response ask(RawRequest request) throws IOException {
    return served().ask(request);
  }

  default Http.Response publish(String body) throws IOException {
    return ask(RawRequest.publish(body));
  }
}
