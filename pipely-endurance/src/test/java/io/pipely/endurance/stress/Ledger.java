package io.pipely.endurance.stress;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What was published in one round. Thread-safe. */
final class Ledger {

  private final Map<String, Sent> sent = new ConcurrentHashMap<>();

  /** Before it is sent: somebody may receive it ahead of the publisher's answer. */
  void add(Sent publication) {
    sent.put(publication.key, publication);
  }

  Optional<Sent> find(String key) {
    return Optional.ofNullable(sent.get(key));
  }

  Collection<Sent> all() {
    return sent.values();
  }
}
