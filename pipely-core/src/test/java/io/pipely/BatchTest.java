package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

  private static Event event(String type) {
    return Event.of("channel-0000", type, "alice", Payload.NULL);
  }

  /** Joins the encoded events by a comma. */
  private static final class Commas implements Encoding<String> {
    @Override
    public String encode(Event event) {
      return new String(event.type()); // A new one, so that the same one is the one made once.
    }

    @Override
    public String join(Batch batch) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        texts.add(batch.event(i).as(this));
      }
      return String.join(",", texts);
    }
  }

  @Test
  void holdsItsEventsInOrder() {
    Event a = event("a");
    Event b = event("b");
    Batch batch = Batch.of(a, b);
    assertEquals(2, batch.size());
    assertSame(a, batch.event(0));
    assertSame(b, batch.event(1));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.event(2));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.event(-1));
  }

  @Test
  void doesNotChangeWithWhatItWasMadeFrom() {
    Event[] array = {event("a"), event("b")};
    List<Event> list = new ArrayList<>(List.of(array));
    Batch ofArray = Batch.of(array);
    Batch ofList = Batch.of(list);
    array[0] = event("changed");
    list.clear();
    assertEquals("a", ofArray.event(0).type());
    assertEquals(2, ofList.size());
  }

  @Test
  void isEncodedFromItsEvents() {
    Commas commas = new Commas();
    assertEquals("a,b", Batch.of(event("a"), event("b")).as(commas));
    assertEquals("", Batch.EMPTY.as(commas));
  }

  @Test
  void ofOneEventIsThatEventEncoded() {
    Commas commas = new Commas();
    Event event = event("a");
    assertSame(event.as(commas), Batch.of(event).as(commas));
  }
}
