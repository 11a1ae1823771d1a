package io.pipely.redis;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.contract.Losses;
import io.pipely.contract.RunningServer;
import io.pipely.contract.ServedPipely;
import io.pipely.http.PipelyHttp;
import io.pipely.jetty.PipelyHandlerContractTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The protocol's contract with everything spread over two nodes: each client and each request goes
 * to the other node than the one before.
 */
class TwoNodesContractTest extends PipelyHandlerContractTest {

  @Override
  public int placesOfATakeover() {
    return 1;
  }

  /** Begins one that is empty, and that nobody else uses until it is closed. */
  TestStore store() throws IOException {
    return TestRedis.start();
  }

  @Override
  protected ServedPipely launch(
      UnaryOperator<PipelyBuilder> rules, UnaryOperator<PipelyHttp.Builder> protocol, Losses losses)
      throws Exception {
    TestStore store = store();
    Pipely one = pipely(store, rules, losses);
    Pipely other = pipely(store, rules, losses);
    List<RunningServer> servers = List.of(start(one, protocol), start(other, protocol));
    AtomicInteger turn = new AtomicInteger();
    return new ServedPipely(
        BothNodes.of(one, other),
        new RunningServer() {
          @Override
          public URI uri() {
            return servers.get(turn.getAndIncrement() & 1).uri();
          }

          @Override
          public void close() {
            servers.forEach(RunningServer::close);
            store.close();
          }
        },
        losses);
  }

  private Pipely pipely(TestStore store, UnaryOperator<PipelyBuilder> rules, Losses losses) {
    return rules.apply(options().listener(losses).ledger(RedisLedger.connect(store.uri()))).build();
  }
}
