package io.pipely.core;

import io.pipely.Batch;

/** Some members of a channel that one thread holds, each with the batch that it is to get. */
final class Turn {

  private final Member[] members;
  private final Batch[] batches;
  private int size;

  Turn(int capacity) {
    members = new Member[capacity];
    batches = new Batch[capacity];
  }

  boolean isFull() {
    return size == members.length;
  }

  int size() {
    return size;
  }

  void add(Member member, Batch batch) {
    members[size] = member;
    batches[size] = batch;
    size++;
  }

  Member member(int index) {
    return members[index];
  }

  /** With no lock held. */
  void deliver() {
    for (int i = 0; i < size; i++) {
      members[i].deliver(batches[i]);
    }
  }
}
