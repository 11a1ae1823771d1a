package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Answer;
import io.pipely.Refusal;
import java.util.ArrayList;
import java.util.List;

/** An answer that remembers what it was given, and that it was given one thing. */
final class Outcome<T> implements Answer<T> {

  private final List<Object> given = new ArrayList<>();
  private T value;
  private Refusal refusal;
  private int index = -1;

  @Override
  public synchronized void ok(T value) {
    given.add(value);
    this.value = value;
  }

  @Override
  public synchronized void refused(Refusal refusal) {
    given.add(refusal);
    this.refusal = refusal;
  }

  @Override
  public synchronized void refused(Refusal refusal, int index) {
    refused(refusal);
    this.index = index;
  }

  /** What came of it; fails where it was refused, or not answered exactly once. */
  synchronized T value() {
    assertEquals(List.of(value == null ? "a value" : value), given);
    return value;
  }

  /** Why it was refused, or null; fails where it was not answered exactly once. */
  synchronized Refusal refusal() {
    assertEquals(1, given.size(), () -> "answers: " + given);
    return refusal;
  }

  /** Which of several things it was refused for; -1 where that was not said. */
  synchronized int index() {
    return index;
  }
}
