package io.pipely.core;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The smallest recorder, so that there are few interleavings of its own: it remembers by their
 * numbers what it was handed, and judges it when all is over.
 */
final class Held implements Subscriber {

  private enum Kind {
    EVENT,
    /** What is missing up to here is missing. */
    GAP,
    /** What came up to here was for others. */
    PLACE
  }

  private record Step(Kind kind, long number) {}

  private final boolean isAtOnce;

  // Guarded by this:

  private final List<Step> steps = new ArrayList<>();
  private final List<EndReason> ends = new ArrayList<>();
  private Done pending;
  private boolean isUnderWay;
  private String lastId;
  private String breach = "";

  private Held(boolean isAtOnce) {
    this.isAtOnce = isAtOnce;
  }

  static Held atOnce() {
    return new Held(true);
  }

  static Held byHand() {
    return new Held(false);
  }

  /** The number of an event by its id. */
  static long number(String id) {
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }

  static void require(boolean isTrue, String otherwise) {
    if (!isTrue) {
      throw new IllegalStateException(otherwise);
    }
  }

  @Override
  public void deliver(Batch batch, Done done) {
    synchronized (this) {
      if (isUnderWay || !ends.isEmpty()) {
        breach = isUnderWay ? "two deliveries at once" : "a delivery after the end";
      }
      for (int i = 0; i < batch.size(); i++) {
        note(kind(batch.event(i)), batch.event(i).id());
      }
      if (batch.size() == 0) {
        note(Kind.PLACE, batch.id());
      }
      isUnderWay = !isAtOnce;
      pending = isAtOnce ? null : done;
    }
    if (isAtOnce) {
      done.complete(null);
    }
  }

  private static Kind kind(Event event) {
    return switch (event.type()) {
      case "CLIENT_LIST" -> Kind.PLACE;
      case "GAP" -> Kind.GAP;
      default -> Kind.EVENT;
    };
  }

  private void note(Kind kind, String id) {
    if (id != null) {
      steps.add(new Step(kind, number(id)));
      lastId = id;
    }
  }

  @Override
  public synchronized void ended(EndReason why) {
    ends.add(why);
  }

  /** Completes the delivery that is held; false where none is. */
  boolean complete() {
    Done done;
    synchronized (this) {
      done = pending;
      pending = null;
      isUnderWay = isUnderWay && done == null;
    }
    if (done != null) {
      done.complete(null);
    }
    return done != null;
  }

  void completeAll() {
    while (complete()) {
      // Until there is nothing more to be handed.
    }
  }

  /** What its client would give as the last id that it has seen. */
  synchronized String lastId() {
    return lastId;
  }

  synchronized List<EndReason> ends() {
    return List.copyOf(ends);
  }

  /**
   * Fails where a promise was broken: one delivery at a time, the end once and last, every event
   * once and in order, and none missing but where that was said.
   *
   * @param seen the number of the last event that its client had seen before
   * @param mine the numbers of the events that are for it
   */
  synchronized void check(long seen, Iterable<Long> mine) {
    require(breach.isEmpty(), breach);
    require(ends.size() <= 1, "ended " + ends);
    NavigableSet<Long> missing = new TreeSet<>();
    mine.forEach(missing::add);
    long place = seen;
    for (Step step : steps) {
      boolean isNew = step.number > place || (step.kind != Kind.EVENT && step.number == place);
      require(isNew, "what was passed comes again: " + step + " of " + steps);
      long last = step.kind == Kind.EVENT ? step.number - 1 : step.number;
      boolean isAllThere = missing.subSet(place, false, last, true).isEmpty();
      require(isAllThere || step.kind == Kind.GAP, "something is missing ahead of " + step);
      place = step.number;
    }
    boolean isThrough = missing.tailSet(place, false).isEmpty();
    require(isThrough || !ends.isEmpty(), "it has " + steps + " of " + missing);
  }
}
