package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import io.pipely.contract.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One frame of a stream that says something.
 *
 * @param id empty where it has none
 * @param fact empty where it only moves the last id on
 */
public record Item(Optional<EventId> id, Optional<Fact> fact) {

  public static List<Item> of(List<List<String>> frames) {
    List<Item> items = new ArrayList<>();
    for (List<String> frame : frames) {
      Item item = new Item(Frames.id(frame), Frames.event(frame).map(Fact::of));
      if (item.id.isPresent() || item.fact.isPresent()) {
        items.add(item);
      }
    }
    return items;
  }

  public boolean is(String type) {
    return fact.isPresent() && fact.get().is(type);
  }

  /** Whether it is an event of the channel's log. */
  public boolean isOfLog() {
    return fact.isPresent() && !is("CLIENT_LIST") && !is("GAP") && !is("REPLACED");
  }

  /** Whether it is what was published when all was quiet. */
  boolean isLast() {
    return fact.isPresent() && fact.get().key().startsWith(Sent.LAST);
  }

  long number() {
    return id.orElseThrow(() -> new AssertionError("without an id: " + this)).number();
  }
}
