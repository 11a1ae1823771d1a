package io.pipely.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Pipely;
import io.pipely.contract.RunningServer;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer larger than what the container and the system would hold for its client. */
@Timeout(60)
class LargeAnswersTest {

  private static final List<String> IDS = Collections.nCopies(100_000, "x".repeat(200));

  /** Whoever brings the answer, as a thread of a store's may be, has more to do. */
  private final CountDownLatch isBrought = new CountDownLatch(1);

  private final Pipely pipely = Pipely.create();

  /** What there is, it tells on a thread of its own. */
  private Pipely crowded() {
    return (Pipely)
        Proxy.newProxyInstance(
            Pipely.class.getClassLoader(),
            new Class<?>[] {Pipely.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("look")) {
                return method.invoke(pipely, arguments);
              }
              @SuppressWarnings("unchecked")
              Answer<ChannelInfo> answer = (Answer<ChannelInfo>) arguments[arguments.length - 1];
              Thread bringer =
                  new Thread(
                      () -> {
                        answer.ok(new ChannelInfo("channel-0000", false, IDS));
                        isBrought.countDown();
                      });
              bringer.setDaemon(true);
              bringer.start();
              return null;
            });
  }

  @Test
  void onTomcatOneThatIsNotTakenHoldsUpNobodyAndIsThereWhole() throws Exception {
    try (pipely;
        RunningServer tomcat =
            TomcatContainer.start(Mount.of(new PipelyServlet(crowded()), "", "/*"))) {
      isThereWholeThoughItIsTakenLate(tomcat);
    }
  }

  @Test
  void onJettyToo() throws Exception {
    try (pipely;
        RunningServer jetty =
            JettyContainer.start(Mount.of(new PipelyServlet(crowded()), "", "/*"))) {
      isThereWholeThoughItIsTakenLate(jetty);
    }
  }

  private void isThereWholeThoughItIsTakenLate(RunningServer server) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      String request = "GET /channel/channel-0000 HTTP/1.1\r\nHost: localhost\r\n";
      String more = "Connection: close\r\n\r\n";
      socket.getOutputStream().write((request + more).getBytes(StandardCharsets.US_ASCII));

      assertTrue(isBrought.await(3, TimeUnit.SECONDS), "it waits for the client");

      InputStream input = socket.getInputStream();
      String answer = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer.substring(0, 200));
      assertEquals(IDS.size(), answer.split(IDS.get(0), -1).length - 1);
      assertTrue(answer.stripTrailing().endsWith("]}"), "its end");
    }
  }
}
