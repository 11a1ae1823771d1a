package io.pipely.contract;

import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Members that come and go while others speak. */
public interface ChurnContract extends Contract {

  int PUBLISHERS = 50;
  int EVENTS = 30;
  int VISITORS = 4;

  /**
   * One member stays and sees it all. Each visit must be a part of that without a gap, and begin
   * with the member list as it was at that moment.
   */
  @Test
  default void whoComesAndGoesSeesOneUnbrokenPartOfWhatFiftyPublishersSay() throws Exception {
    SseClient resident = join("resident");
    AtomicInteger speaking = new AtomicInteger(PUBLISHERS);
    Queue<List<String>> visits = new ConcurrentLinkedQueue<>();

    Together.run(
        PUBLISHERS + VISITORS,
        number -> {
          if (number < PUBLISHERS) {
            publishAll(number);
            speaking.decrementAndGet();
          } else {
            for (int i = 0; speaking.get() > 0; i++) {
              visits.add(visit("visitor-" + number + "-" + i, i));
            }
          }
        });
    String last = event("last", "resident", "null");
    Answers.assertAccepted(publish(last));

    List<String> all = resident.upTo(last);
    for (int number = 0; number < PUBLISHERS; number++) {
      List<String> own = new ArrayList<>(all);
      own.retainAll(Set.copyOf(events(number)));
      assertEquals(events(number), own);
    }
    assertTrue(!visits.isEmpty(), "no visits");
    for (List<String> visit : visits) {
      assertIsPart(visit, all);
    }
  }

  /** Whoever joins in that moment is in the old channel or in a new one, but never in none. */
  @Test
  default void theLastLeaveRacingTheNextJoinLosesNobody() throws Exception {
    SseClient last = join("client-0");
    last.upTo(connect("client-0"));
    for (int i = 1; i <= 100; i++) {
      SseClient leaver = last;
      String id = "client-" + i;
      SseClient[] joiner = new SseClient[1];

      Together.run(
          2,
          number -> {
            if (number == 0) {
              leaver.abort();
            } else {
              joiner[0] = join(id);
            }
          });

      String event = event("chat", id, String.valueOf(i));
      Answers.assertAccepted(publish(event));
      List<String> seen = joiner[0].upTo(event);
      seen.remove(disconnect("client-" + (i - 1)));
      seen.set(0, seen.get(0).replace("\"client-" + (i - 1) + "\",", ""));
      assertEquals(List.of(clientList(id), connect(id), event), seen);
      last = joiner[0];
      awaitThatItIsAlone();
    }
  }

  private void awaitThatItIsAlone() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Patience.ONE)
        .until(() -> served().pipely().stats().equals(new Stats(1, 1)));
  }

  private List<String> visit(String id, int number) throws Exception {
    SseClient visitor = join(id);
    List<String> seen = visitor.upTo(connect(id));
    for (int i = 0; i < number % 10; i++) {
      // Nothing may follow once the publishers are through, save this visitor's own word.
      String own = event("visit", id, String.valueOf(i));
      Answers.assertAccepted(publish(own));
      seen.addAll(visitor.upTo(own));
    }
    if (number % 2 == 0) {
      visitor.close();
    } else {
      visitor.abort();
    }
    return seen;
  }

  private static void assertIsPart(List<String> visit, List<String> all) {
    int start = all.indexOf(visit.get(1)); // Its own CONNECT.
    assertTrue(start > 0, () -> "not told to the resident: " + visit.get(1));
    ChannelView view = new ChannelView();
    all.subList(0, start + 1).forEach(view::take);
    assertEquals(clientList(view.members().toArray(String[]::new)), visit.get(0));
    List<String> rest = visit.subList(1, visit.size());
    assertEquals(all.subList(start, start + rest.size()), rest);
  }

  private void publishAll(int publisher) throws Exception {
    try (Http http = Http.connect(served().uri())) {
      for (String event : events(publisher)) {
        Answers.assertAccepted(http.ask(RawRequest.publish(event)));
      }
    }
  }

  private static List<String> events(int publisher) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(event("chat", "publisher-" + publisher, String.valueOf(i)));
    }
    return events;
  }
}
