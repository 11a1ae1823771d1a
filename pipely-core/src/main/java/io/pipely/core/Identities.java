package io.pipely.core;

import java.util.concurrent.atomic.AtomicLong;

/** Words that no node makes twice, for seats and changes. Safe for use by several threads. */
final class Identities {

  private final String node;
  private final AtomicLong count = new AtomicLong();

  Identities(String node) {
    this.node = node;
  }

  String node() {
    return node;
  }

  String next() {
    return node + '.' + Long.toString(count.incrementAndGet(), 36);
  }
}
