package io.pipely.core;

import io.pipely.Batch;

/** Some members of a channel that one thread holds, each with the batch that it is to get. */
final class Turn {

  private final Attachment[] members;
  private final Batch[] batches;
  private int size;

  Turn(int capacity) {
    members = new Attachment[capacity];
    batches = new Batch[capacity];
  }

  boolean isFull() {
    return size == members.length;
  }

  int size() {
    return size;
  }

  void add(Attachment member, Batch batch) {
    members[size] = member;
    batches[size] = batch;
    size++;
  }

  Attachment member(int index) {
    return members[index];
  }

  /** With no lock held. */
  void deliver() {
    for (int i = 0; i < size; i++) {
      members[i].deliver(batches[i]);
    }
  }
}
