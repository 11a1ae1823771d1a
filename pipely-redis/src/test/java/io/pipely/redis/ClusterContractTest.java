package io.pipely.redis;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/**
 * The protocol's contract with everything spread over two nodes and a Redis Cluster. One takes
 * seconds to come together, so what one test has used, the next one gets, emptied.
 */
@Tag("long")
class ClusterContractTest extends TwoNodesContractTest {

  private static final Deque<TestCluster> IDLE = new ArrayDeque<>();

  @Override
  TestStore store() throws IOException {
    TestCluster cluster = IDLE.isEmpty() ? TestCluster.start(3) : IDLE.pop();
    return new TestStore() {
      private boolean isClosed;

      @Override
      public String uri() {
        return cluster.uri();
      }

      @Override
      public void close() {
        if (!isClosed) {
          isClosed = true;
          cluster.clear();
          IDLE.push(cluster);
        }
      }
    };
  }

  @AfterAll
  static void closeAll() {
    while (!IDLE.isEmpty()) {
      IDLE.pop().close();
    }
  }
}
