package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that stops reading: its own affair, and it finds its way back. */
public interface StalledReaderContract extends Contract {

  /** Far more than a server's, the systems' and a channel's buffers hold: 20 MB. */
  int STALL_EVENTS = 350;

  String GAP_EVENT = event("GAP", "server", "{\"reason\":\"evicted\"}");

  String STALL_TEXT = "x".repeat(60_000);
  int SMALL_BUFFER = 16 << 10;

  @Test
  default void aReaderThatStopsDelaysNobodyAndIsToldOfTheGapWhenItReadsAgain() throws Exception {
    SseClient ann = join("ann");
    SseClient stalled = served().open(RawRequest.subscribe(CHANNEL, "stalled"), SMALL_BUFFER);
    stalled.upTo(connect("stalled"));
    SseClient bob = join("bob");
    stalled.expect(connect("bob"));
    ann.upTo(connect("bob"));
    bob.upTo(connect("bob"));

    stalled.stopReading();
    try (Http http = Http.connect(served().uri())) {
      for (int i = 0; i < STALL_EVENTS; i++) {
        // In step with the others, so that nobody but the stalled one falls behind.
        Answers.assertAccepted(http.ask(RawRequest.publish(stallEvent(i))));
        ann.expect(stallEvent(i));
        bob.expect(stallEvent(i));
      }
    }
    stalled.resumeReading();

    List<String> seen = new ArrayList<>(stalled.upTo(GAP_EVENT));
    while (seen.get(seen.size() - 1).equals(GAP_EVENT)) {
      // What came meanwhile may be part of a second gap: buffers on the way empty late.
      String probe = event("probe", "ann", String.valueOf(seen.size()));
      Answers.assertAccepted(publish(probe));
      ann.expect(probe);
      for (String event = ""; !event.equals(probe) && !event.equals(GAP_EVENT); ) {
        event = stalled.next();
        seen.add(event);
      }
    }
    assertEveryOmissionIsAnnounced(seen);
    for (int i = 0; i < 3; i++) {
      String live = event("live", "ann", String.valueOf(i));
      Answers.assertAccepted(publish(live));
      stalled.expect(live);
      ann.expect(live);
    }
  }

  /** Whole events, in order; and where some are missing, the member list and GAP in their place. */
  private static void assertEveryOmissionIsAnnounced(List<String> seen) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < STALL_EVENTS; i++) {
      numbers.put(stallEvent(i), i);
    }
    String list = clientList("ann", "stalled", "bob");
    int next = 0;
    for (int i = 0; i < seen.size(); i++) {
      Integer number = numbers.get(seen.get(i));
      if (seen.get(i).equals(GAP_EVENT)) {
        assertEquals(list, seen.get(i - 1));
      } else if (number != null) {
        boolean isAnnounced = i > 0 && seen.get(i - 1).equals(GAP_EVENT);
        assertTrue(number == next || (number > next && isAnnounced), "event " + number);
        next = number + 1;
      }
    }
  }

  @Test
  default void aStalledReaderThatGoesAwayIsAMemberNoLonger() throws Exception {
    SseClient ann = join("ann");
    ann.upTo(connect("ann"));
    SseClient stalled = served().open(RawRequest.subscribe(CHANNEL, "stalled"), SMALL_BUFFER);
    stalled.upTo(connect("stalled"));
    ann.expect(connect("stalled"));
    stalled.stopReading();
    try (Http http = Http.connect(served().uri())) {
      for (int i = 0; i < STALL_EVENTS / 2; i++) {
        Answers.assertAccepted(http.ask(RawRequest.publish(stallEvent(i))));
        ann.expect(stallEvent(i));
      }
    }

    stalled.abort();

    ann.expect(Events.disconnect("stalled"));
  }

  private static String stallEvent(int number) {
    return event("chat", "ann", "[" + number + "," + quoted(STALL_TEXT) + "]");
  }
}
