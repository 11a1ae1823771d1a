package io.pipely.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's membership in one channel. Immutable.
 *
 * @param id unlike that of any other membership, of whatever client: who takes a client's id later
 *     has another seat
 * @param clientId in the spelling that it joined with
 * @param tokenHash as text, null where it has no token
 * @param node which node serves it, or served it last
 */
public record Seat(String id, String clientId, @Nullable String tokenHash, String node) {

  public Seat {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(node, "node");
  }

  /** The same, served by another node. */
  public Seat at(String newNode) {
    return new Seat(id, clientId, tokenHash, newNode);
  }
}
