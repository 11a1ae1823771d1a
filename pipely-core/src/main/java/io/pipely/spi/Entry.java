package io.pipely.spi;

import io.pipely.EndReason;
import io.pipely.Payload;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One step in a channel's life, with a number of its own in its log. Immutable. */
public sealed interface Entry {

  /** Whether the members are others after it, or served elsewhere: the version is one more. */
  default boolean isAboutMembers() {
    return true;
  }

  /** A member has come. */
  record Joined(Seat seat) implements Entry {
    public Joined {
      Objects.requireNonNull(seat, "seat");
    }
  }

  /** A member is served by a node from now on, perhaps by the same as before. Seen by no member. */
  record Moved(String seatId, String node) implements Entry {
    public Moved {
      Objects.requireNonNull(seatId, "seatId");
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A member has gone.
   *
   * @param clientId in the spelling that it joined with
   * @param why {@link EndReason#LEFT} where it said so; else it was given up, and a node by which
   *     it is served nevertheless has it join again
   */
  record Left(String seatId, String clientId, EndReason why) implements Entry {
    public Left {
      Objects.requireNonNull(seatId, "seatId");
      Objects.requireNonNull(clientId, "clientId");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * An event.
   *
   * @param to the addressed members' ids as the event shows them; empty where it is for everybody
   * @param only the seats that receive it; null for all
   * @param except a seat that does not receive it; null for none
   */
  record Published(
      String type,
      String originId,
      Payload payload,
      List<String> to,
      @Nullable Set<String> only,
      @Nullable String except)
      implements Entry {
    public Published {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(originId, "originId");
      Objects.requireNonNull(payload, "payload");
      to = List.copyOf(to);
      only = only == null ? null : Set.copyOf(only);
    }

    @Override
    public boolean isAboutMembers() {
      return false;
    }
  }
}
