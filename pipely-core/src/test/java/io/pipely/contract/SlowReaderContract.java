package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.connect;
import static io.pipely.contract.Events.disconnect;
import static io.pipely.contract.Events.event;
import static io.pipely.contract.Events.quoted;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The deadline for what is pending: who takes nothing is closed, who takes little is not. */
public interface SlowReaderContract extends Contract {

  int NON_READERS = 500;

  /** Half a megabyte, which is more than what is between the server and a client. */
  int EVENTS_TO_FILL_A_SOCKET = 10;

  String LARGE_TEXT = "x".repeat(50_000);

  /** The client's system then says often that it has room, so that the server can see it read. */
  int TINY_BUFFER = 4 << 10;

  /** Whether a connection is seen to be reset; a container may know no way to do that. */
  default boolean areStalledReadersReset() {
    return true;
  }

  @Test
  default void fiveHundredReadersThatTakeNothingAreClosedAndNothingOfThemStays() throws Exception {
    ServedPipely served = serveBy(rules -> rules.stall(Duration.ofSeconds(2)));
    SseClient ann = served.join(RawRequest.subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    OptionalInt before = Jvm.openDescriptors();
    List<String> ids = IntStream.range(0, NON_READERS).mapToObj(i -> "dead-" + i).toList();
    List<String> seen = new ArrayList<>(); // The first may be closed before the last have joined.
    List<LazyReader> readers = new ArrayList<>();
    try {
      for (String id : ids) {
        readers.add(LazyReader.open(served.uri(), RawRequest.subscribe(CHANNEL, id), TINY_BUFFER));
        seen.addAll(ann.upTo(connect(id)));
      }
      for (int i = 0; i < EVENTS_TO_FILL_A_SOCKET; i++) {
        Answers.assertAccepted(served.ask(RawRequest.publish(largeEvent(i))));
        seen.addAll(ann.upTo(largeEvent(i)));
      }
      int others = NON_READERS + EVENTS_TO_FILL_A_SOCKET;
      while (seen.size() < others + NON_READERS) {
        seen.add(ann.next(Patience.MANY));
      }

      assertEquals(
          ids.stream().map(Events::disconnect).sorted().toList(),
          seen.stream().filter(event -> event.contains("\"DISCONNECT\"")).sorted().toList());
      if (before.isPresent()) { // The clients' own are still open.
        int most = before.getAsInt() + NON_READERS + 20;
        await().atMost(Patience.MANY).until(() -> Jvm.openDescriptors().orElseThrow() < most);
      }
      if (areStalledReadersReset()) {
        for (LazyReader reader : readers) {
          assertTrue(reader.isReset(), reader::toString);
        }
      }
    } finally {
      for (LazyReader reader : readers) {
        reader.close();
      }
    }
  }

  /** In tenths of the real times: 10 KB a second, for four times what a stalled one is given. */
  @Test
  default void aReaderThatTricklesIsNotTakenForOneThatTakesNothing() throws Exception {
    ServedPipely served = serveBy(rules -> rules.stall(Duration.ofSeconds(2)));
    SseClient ann = served.join(RawRequest.subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    try (LazyReader trickler =
        LazyReader.open(served.uri(), RawRequest.subscribe(CHANNEL, "trickler"), TINY_BUFFER)) {
      ann.expect(connect("trickler"));
      for (int i = 0; i < EVENTS_TO_FILL_A_SOCKET; i++) {
        Answers.assertAccepted(served.ask(RawRequest.publish(largeEvent(i))));
        ann.expect(largeEvent(i));
      }

      trickler.trickle(1000, 80, Duration.ofMillis(100));

      String last = event("last", "ann", "null");
      Answers.assertAccepted(served.ask(RawRequest.publish(last)));
      ann.expect(last); // No DISCONNECT ahead of it.
    }
    ann.expect(disconnect("trickler"));
  }

  @Test
  default void aStreamThatWasEndedWhileItsReaderTookNothingDoesNotStay() throws Exception {
    ServedPipely served = serveBy(rules -> rules.stall(Duration.ofSeconds(2)));
    SseClient ann = served.join(RawRequest.subscribe(CHANNEL, "ann"));
    ann.upTo(connect("ann"));
    OptionalInt before = Jvm.openDescriptors();
    RawRequest subscribe = Tokens.subscribe("dead", Tokens.BOB);
    try (LazyReader dead = LazyReader.open(served.uri(), subscribe, TINY_BUFFER)) {
      ann.expect(connect("dead"));
      for (int i = 0; i < EVENTS_TO_FILL_A_SOCKET; i++) {
        Answers.assertAccepted(served.ask(RawRequest.publish(largeEvent(i))));
        ann.expect(largeEvent(i));
      }

      Answers.assertAccepted(served.ask(RawRequest.leave(CHANNEL, "dead", Tokens.BOB)));
      ann.expect(disconnect("dead"));
      if (before.isPresent()) {
        int most = before.getAsInt() + 1; // The client's own.
        await().atMost(Patience.MANY).until(() -> Jvm.openDescriptors().orElseThrow() <= most);
      }
      assertTrue(!areStalledReadersReset() || dead.isReset(), dead::toString);
    }
  }

  private static String largeEvent(int number) {
    return event("chat", "ann", "[" + number + "," + quoted(LARGE_TEXT) + "]");
  }
}
