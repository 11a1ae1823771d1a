package io.pipely.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.Response;

/** What went wrong, and how often. Safe for use by several threads. */
final class Troubles {

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void refused(String what, Response response) {
    String word = response.getHeaders().get("Pipely-Error");
    count(what + " refused: " + response.getStatus() + (word == null ? "" : " " + word));
  }

  void failed(String what, Throwable why) {
    count(what + " failed: " + why);
  }

  void count(String what) {
    counts.computeIfAbsent(what, w -> new LongAdder()).increment();
  }

  Map<String, Long> counts() {
    return counts.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }
}
