package io.pipely.redis;

import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that all nodes hash secrets under. Redis has it, and each node remembers it, since Redis
 * may lose it. The time of its making goes before it, so that nodes with different ones, where one
 * has begun on a Redis that was just emptied, agree on the older.
 */
final class SharedKey {

  private static final Logger log = LoggerFactory.getLogger(SharedKey.class);

  private final Store store;
  private volatile String value =
      "%013d-%s".formatted(System.currentTimeMillis(), Words.ofBytes(32));
  private volatile boolean isAgreed;

  SharedKey(Store store) {
    this.store = store;
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(value, value.indexOf('-') + 1, value.length());
  }

  /** Sees to it that this node and Redis have the same. */
  CompletableFuture<Void> agree() {
    return store
        .setOnce(Keys.SECRET, value)
        .thenCompose(
            found -> {
              if (isAgreed && found.compareTo(value) > 0) {
                return store.set(Keys.SECRET, value);
              }
              if (isAgreed && !found.equals(value)) {
                log.warn(
                    "secrets are hashed under another key from now on: an older one was found");
              }
              value = found;
              isAgreed = true;
              return CompletableFuture.completedFuture(null);
            });
  }
}
