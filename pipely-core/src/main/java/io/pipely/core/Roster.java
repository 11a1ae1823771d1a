package io.pipely.core;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pipely.Payload;
import java.util.Arrays;
import java.util.List;

/**
 * The member list of one channel as JSON, ready to be copied: joining appends one id to it, so that
 * a thousand newcomers do not encode a thousand lists; only after somebody has left it is made
 * anew. Not synchronised: guarded by its channel's lock.
 */
final class Roster {

  private static final byte[] NOTHING = {};

  /** {@code ["a","b"} without the closing bracket. */
  private byte[] open = NOTHING;

  private int length;
  private boolean isCurrent = true;

  /** Somebody has joined, as the last. */
  void add(String clientId) {
    if (isCurrent) {
      append(clientId);
    }
  }

  /** Somebody has left, or nobody needs the list for now. */
  void invalidate() {
    isCurrent = false;
    open = NOTHING;
  }

  /** The list, made from the members where it has to be. */
  Payload list(Iterable<Member> members) {
    if (!isCurrent) {
      isCurrent = true;
      length = 0;
      for (Member member : members) {
        append(member.clientId());
      }
    }
    byte[] json = Arrays.copyOf(open, length + 1);
    json[length] = ']';
    return Payload.ofValidJson(json);
  }

  /** The list of one. */
  static Payload of(Member member) {
    Roster roster = new Roster();
    roster.add(member.clientId());
    return roster.list(List.of());
  }

  private void append(String clientId) {
    byte[] id = JsonStringEncoder.getInstance().quoteAsUTF8(clientId);
    int needed = length + id.length + 3;
    if (open.length < needed) {
      open = Arrays.copyOf(open, Math.max(needed + 1, open.length * 2));
    }
    open[length] = (byte) (length == 0 ? '[' : ',');
    open[length + 1] = '"';
    System.arraycopy(id, 0, open, length + 2, id.length);
    open[length + 2 + id.length] = '"';
    length = needed;
  }
}
