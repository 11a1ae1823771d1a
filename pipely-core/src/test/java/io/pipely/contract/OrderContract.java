package io.pipely.contract;

import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Events of one channel reach every member in one and the same order. */
public interface OrderContract extends Contract {

  @Test
  default void eventsOfFourPublishersReachTenMembersOnceAndInOneOrder() throws Exception {
    List<SseClient> members = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      members.add(join("member-" + i));
    }
    String lastConnect = connect("member-9");
    for (SseClient member : members) {
      member.upTo(lastConnect);
    }

    Together.run(4, number -> publishMany(number, 500));
    String last = event("last", "publisher", "null");
    Answers.assertAccepted(publish(last));

    List<String> first = members.get(0).upTo(last);
    for (SseClient member : members.subList(1, members.size())) {
      assertEquals(first, member.upTo(last));
    }
    Set<String> expected = new TreeSet<>(List.of(last));
    for (int number = 0; number < 4; number++) {
      expected.addAll(events(number, 500));
      // A publisher that waits for each answer has its events in its own order.
      List<String> own = new ArrayList<>(first);
      own.retainAll(Set.copyOf(events(number, 500)));
      assertEquals(events(number, 500), own);
    }
    assertEquals(expected.size(), first.size());
    assertEquals(expected, new TreeSet<>(first));
  }

  private void publishMany(int publisher, int count) throws Exception {
    try (Http http = Http.connect(served().uri())) {
      for (String event : events(publisher, count)) {
        Answers.assertAccepted(http.ask(RawRequest.publish(event)));
      }
    }
  }

  private static List<String> events(int publisher, int count) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event("chat", "publisher-" + publisher, String.valueOf(i)));
    }
    return events;
  }
}
