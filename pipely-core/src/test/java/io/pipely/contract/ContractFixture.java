package io.pipely.contract;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.http.PipelyHttp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Starts the servers that a test of the contract needs, and closes them after it. */
public abstract class ContractFixture implements Contract {

  private final List<ServedPipely> opened = new ArrayList<>();
  private ServedPipely served;

  /** Starts a server on a free port of the loopback interface. */
  protected abstract RunningServer start(PipelyHttp http) throws Exception;

  /**
   * Heartbeats are frequent here, since by one of them some servers notice that a client has gone.
   */
  protected PipelyBuilder options() {
    return Pipely.builder().heartbeat(Duration.ofMillis(200));
  }

  @BeforeEach
  protected void open() throws Exception {
    served = serveBy(UnaryOperator.identity());
  }

  @AfterEach
  protected void close() throws Exception {
    for (ServedPipely each : opened) {
      each.close();
    }
  }

  @Override
  public ServedPipely served() {
    return served;
  }

  @Override
  public ServedPipely serve(
      UnaryOperator<PipelyBuilder> rules, UnaryOperator<PipelyHttp.Builder> protocol)
      throws Exception {
    ServedPipely added = launch(rules, protocol, new Losses());
    opened.add(added);
    return added;
  }

  /** Builds a Pipely and starts what serves it. */
  protected ServedPipely launch(
      UnaryOperator<PipelyBuilder> rules, UnaryOperator<PipelyHttp.Builder> protocol, Losses losses)
      throws Exception {
    Pipely pipely = rules.apply(options().listener(losses)).build();
    return new ServedPipely(pipely, start(pipely, protocol), losses);
  }

  /** Starts what serves a Pipely, which is closed where that fails. */
  protected RunningServer start(Pipely pipely, UnaryOperator<PipelyHttp.Builder> protocol)
      throws Exception {
    try {
      return start(protocol.apply(PipelyHttp.builder(pipely)).build());
    } catch (Throwable e) {
      pipely.close();
      throw e;
    }
  }
}
