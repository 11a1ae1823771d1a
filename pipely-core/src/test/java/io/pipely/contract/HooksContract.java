package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Authorizer;
import io.pipely.Authorizer.Operation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an application decides about requests that come by a server. */
public interface HooksContract extends Contract {

  private ServedPipely decidedBy(Authorizer authorizer) throws Exception {
    return serveBy(rules -> rules.authorizer(authorizer));
  }

  private static RawRequest signed(RawRequest request, String user) {
    return request.header("X-User", user);
  }

  /** As an application does that goes by a header, such as one with a JWT or of a session. */
  private static void decideByHeader(Operation operation, Authorizer.Verdict verdict) {
    if (operation.clientId().equals(operation.caller().header("x-user"))) {
      verdict.allow();
    } else {
      verdict.deny();
    }
  }

  @Test
  default void anAuthorizerDecidesByTheHeadersOfARequest() throws Exception {
    ServedPipely served = decidedBy(HooksContract::decideByHeader);
    RawRequest subscribe = RawRequest.subscribe(CHANNEL, "ann");
    RawRequest publish = RawRequest.publish(event("chat", "ann", "1"));

    Answers.assertRefused(403, "not allowed", served.ask(subscribe));
    Answers.assertRefused(403, "not allowed", served.ask(signed(subscribe, "bob")));
    SseClient ann = served.open(signed(subscribe, "ann"));
    ann.upTo(connect("ann"));
    Answers.assertRefused(403, "not allowed", served.ask(publish));
    Answers.assertAccepted(served.ask(signed(publish, "ann")));
    ann.expect(event("chat", "ann", "1"));
  }

  @Test
  default void anAuthorizerKnowsWhereARequestIsFrom() throws Exception {
    List<String> addresses = Collections.synchronizedList(new ArrayList<>());
    ServedPipely served =
        decidedBy(
            (operation, verdict) -> {
              addresses.add(operation.caller().address());
              verdict.allow();
            });

    served.open(RawRequest.subscribe(CHANNEL, "ann")).upTo(connect("ann"));
    Answers.assertAccepted(served.ask(RawRequest.publish(event("chat", "ann", "1"))));

    assertEquals(2, addresses.size());
    for (String address : addresses) {
      assertTrue(InetAddress.getByName(address).isLoopbackAddress(), address);
    }
  }

  /** By then the headers of the request are needed still, and the connection may be gone. */
  @Test
  default void anAuthorizerMayDecideLaterOnAThreadOfItsOwn() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      ServedPipely served =
          decidedBy(
              (operation, verdict) -> executor.execute(() -> decideByHeader(operation, verdict)));
      SseClient ann = served.open(signed(RawRequest.subscribe(CHANNEL, "ann"), "ann"));
      ann.upTo(connect("ann"));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String event = event("chat", "ann", String.valueOf(i));
        expected.add(event);
        Answers.assertAccepted(served.ask(signed(RawRequest.publish(event), "ann")));
      }
      ann.expect(expected.toArray(String[]::new));
      Answers.assertRefused(403, "not allowed", served.ask(RawRequest.subscribe(CHANNEL, "bob")));
    } finally {
      executor.shutdownNow();
    }
  }

  /** As many of them as a small machine has threads to spare. */
  @Test
  default void anAuthorizerThatBlocksHoldsUpNobodyElse() throws Exception {
    int count = 8;
    CountDownLatch blocked = new CountDownLatch(2 * count);
    CountDownLatch release = new CountDownLatch(1);
    ServedPipely served =
        decidedBy(
            (operation, verdict) -> {
              if (operation.clientId().startsWith("slow")) {
                blocked.countDown();
                awaitUninterruptibly(release);
              }
              verdict.allow();
            });
    SseClient ann = served.open(RawRequest.subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    try {
      List<Http> publishers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        var unused = served.open(RawRequest.subscribe(CHANNEL, "slow-" + i));
        Http http = Http.connect(served.uri());
        publishers.add(http);
        http.send(RawRequest.publish(event("slow", "slow-" + i, "1")).bytes(served.uri()));
      }
      assertTrue(blocked.await(10, TimeUnit.SECONDS), () -> blocked + " are not asked");

      served.open(RawRequest.subscribe(CHANNEL, "bob")).upTo(connect("bob"));
      Answers.assertAccepted(served.ask(RawRequest.publish(event("chat", "bob", "1"))));
      ann.expect(connect("bob"), event("chat", "bob", "1"));

      release.countDown();
      for (Http http : publishers) {
        Answers.assertAccepted(http.answerTo("POST"));
        http.close();
      }
    } finally {
      release.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  default void anAuthorizerThatThrowsHasRefused() throws Exception {
    ServedPipely served =
        decidedBy(
            (operation, verdict) -> {
              if (operation.caller().header("X-User") == null) {
                throw new IllegalStateException("an exception that a test asked for");
              }
              verdict.allow();
            });

    Answers.assertRefused(403, "not allowed", served.ask(RawRequest.subscribe(CHANNEL, "ann")));
    served.open(signed(RawRequest.subscribe(CHANNEL, "ann"), "ann")).upTo(connect("ann"));
  }
}
