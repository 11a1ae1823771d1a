package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Batch;
import io.pipely.Done;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Subscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A subscriber that records what it is given, behaves as it is told, and notes every breach of what
 * {@link Subscriber} promises: one delivery at a time, the end once and last, and not in the middle
 * of a delivery.
 */
final class Recorder implements Subscriber {

  /** What becomes of a delivery. */
  enum Way {
    AT_ONCE,
    BY_HAND,
    ELSEWHERE,
    FAILING,
    THROWING
  }

  private final String name;
  private volatile Way way;
  private volatile boolean hasDeadline;
  private volatile Executor executor = Runnable::run;
  private volatile Consumer<Batch> onDeliver = batch -> {};
  private volatile Runnable afterDone = () -> {};

  // Guarded by this:
  private final List<Batch> batches = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<EndReason> ends = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private Done pending;
  private boolean isUnderWay;
  private int calls;

  private Recorder(String name, Way way) {
    this.name = name;
    this.way = way;
  }

  static Recorder atOnce(String name) {
    return new Recorder(name, Way.AT_ONCE);
  }

  static Recorder byHand(String name) {
    return new Recorder(name, Way.BY_HAND);
  }

  /** One whose deliveries are completed on another thread, some time. */
  static Recorder elsewhere(String name, Executor executor) {
    Recorder recorder = new Recorder(name, Way.ELSEWHERE);
    recorder.executor = executor;
    return recorder;
  }

  static Recorder of(String name, Way way) {
    return new Recorder(name, way);
  }

  Recorder way(Way newWay) {
    way = newWay;
    return this;
  }

  Way way() {
    return way;
  }

  /** As a transport is, which may not take its time. */
  Recorder withDeadline() {
    hasDeadline = true;
    return this;
  }

  @Override
  public boolean hasDeadline() {
    return hasDeadline;
  }

  /** Says that a part of the delivery that is held has gone. */
  void move() {
    Done done;
    synchronized (this) {
      done = pending;
    }
    done.moved();
  }

  /** What is to happen within a delivery, before it is completed. */
  Recorder onDeliver(Consumer<Batch> action) {
    onDeliver = action;
    return this;
  }

  /** What is to happen within a delivery after it has been completed at once. */
  Recorder afterDone(Runnable action) {
    afterDone = action;
    return this;
  }

  @Override
  public void deliver(Batch batch, Done done) {
    Way chosen = way; // The action below may change it, for the next one.
    begin(batch);
    try {
      onDeliver.accept(batch);
      switch (chosen) {
        case AT_ONCE -> {
          noLongerUnderWay();
          done.complete(null);
          afterDone.run();
        }
        case BY_HAND -> hold(done);
        case ELSEWHERE -> {
          hold(done);
          executor.execute(this::complete);
        }
        case FAILING -> done.complete(new IOException("a failure that a test asked for"));
        case THROWING -> throw new IllegalStateException("an exception that a test asked for");
      }
    } finally {
      returned();
    }
  }

  private synchronized void begin(Batch batch) {
    if (isUnderWay) {
      breaches.add("two deliveries at once");
    }
    if (!ends.isEmpty()) {
      breaches.add("a delivery after the end");
    }
    isUnderWay = true;
    calls++;
    batches.add(batch);
    threads.add(Thread.currentThread());
    for (int i = 0; i < batch.size(); i++) {
      events.add(batch.event(i));
    }
  }

  private synchronized void noLongerUnderWay() {
    isUnderWay = false;
  }

  private synchronized void hold(Done done) {
    pending = done;
  }

  private synchronized void returned() {
    calls--;
  }

  @Override
  public synchronized void ended(EndReason why) {
    if (!ends.isEmpty()) {
      breaches.add("ended twice");
    }
    if (calls > 0 && isUnderWay) {
      breaches.add("ended in the middle of a delivery");
    }
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

  synchronized boolean isPending() {
    return pending != null;
  }

  /** Whether a call to this subscriber has not returned yet. */
  synchronized boolean isInCall() {
    return calls > 0;
  }

  synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** The threads of the deliveries. */
  synchronized List<Thread> threads() {
    return List.copyOf(threads);
  }

  /** The events as text, in short: {@code CONNECT anna null}. */
  List<String> texts() {
    return events().stream().map(Recorder::text).toList();
  }

  /** The payloads of the events of one type, as JSON. */
  List<String> payloads(String type) {
    return events().stream()
        .filter(event -> event.type().equals(type))
        .map(event -> event.payload().toString())
        .toList();
  }

  synchronized List<EndReason> ends() {
    return List.copyOf(ends);
  }

  synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  /** Fails where a promise was broken. */
  void check() {
    assertEquals(List.of(), breaches(), () -> "breaches at " + this);
  }

  static String text(Event event) {
    return event.type() + " " + event.originId() + " " + event.payload();
  }

  @Override
  public String toString() {
    return name;
  }
}
