package io.pipely.core;

import io.pipely.spi.Entry;
import io.pipely.spi.Feed;
import io.pipely.spi.Ledger;
import io.pipely.spi.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one channel in the ledger, through all its lives, for as long as this node has to do with
 * it: makes the hub's channel what it is for all nodes.
 *
 * <pre>
 *   NEW --first visit--> OPENING --opened--> OPEN --idle for long--> CLOSING --let go of--> RELEASED
 *                           +-----------------------not to be had-------------------------^
 * </pre>
 */
final class Mirror implements Feed {

  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

  private enum State {
    NEW,
    OPENING,
    OPEN,
    CLOSING,
    RELEASED
  }

  /** Somebody who has to wait. */
  record Visit(Runnable open, Runnable unavailable) {}

  private final Hub hub;
  private final Ledger ledger;
  private final String channelId;

  // Guarded by this:

  private State state = State.NEW;
  private List<Visit> waiting = new ArrayList<>();
  private long lastUsed;

  /**
   * What this node has proposed to create, by epoch, while another life came first, which may be
   * over by the time the ledger sees to it. The feed's alone.
   */
  private final Map<String, Channel> setAside = new HashMap<>();

  Mirror(Hub hub, Ledger ledger, String channelId) {
    this.hub = hub;
    this.ledger = ledger;
    this.channelId = channelId;
  }

  /**
   * Does one of the two once it is known whether the channel is: now or later, with no lock held.
   * False where this follows the channel no more; then nothing is done.
   */
  boolean visit(Runnable open, Runnable unavailable) {
    State before;
    synchronized (this) {
      before = state;
      lastUsed = hub.now();
      if (before == State.NEW) {
        state = State.OPENING;
      }
      if (before != State.OPEN && before != State.RELEASED) {
        waiting.add(new Visit(open, unavailable));
      }
    }
    if (before == State.OPEN) {
      open.run();
    } else if (before == State.NEW) {
      ledger.open(channelId, this, this::opened);
    }
    return before != State.RELEASED;
  }

  private void opened(boolean isOpen) {
    if (isOpen) {
      enter(State.OPEN).forEach(visit -> guarded(visit.open()));
    } else {
      released(visit -> visit.unavailable().run());
    }
  }

  /** Enters a state, and gives those who have waited for it. */
  private List<Visit> enter(State next) {
    synchronized (this) {
      state = next;
      List<Visit> visits = waiting;
      waiting = new ArrayList<>();
      return visits;
    }
  }

  /**
   * Has to be let go of, where it was not needed since a time: true where that is so. Then visitors
   * wait for {@link #released}. While the ledger is away it is needed: what was not answered may
   * turn out to be in the log.
   */
  boolean closeIfIdle(long since) {
    Channel channel = hub.channel(channelId);
    if (channel != null && !Replica.isIdle(channel)) {
      return false;
    }
    boolean isAvailable = ledger.isAvailable(channelId);
    synchronized (this) {
      if (!isAvailable) {
        lastUsed = hub.now();
      }
      if (state != State.OPEN || lastUsed - since > 0) {
        return false;
      }
      state = State.CLOSING;
      return true;
    }
  }

  /**
   * The ledger has let go of it. Nothing is heard of the channel any more: who asks for it has to
   * find it anew, as those have to who have waited meanwhile.
   */
  void released(Consumer<Visit> late) {
    Channel channel = hub.channel(channelId);
    if (channel != null) {
      channel.retireIfNotYet();
    }
    enter(State.RELEASED).forEach(visit -> guarded(() -> late.accept(visit)));
  }

  /** Whether nothing is heard of the channel any more, or soon will be. */
  synchronized boolean isLetGoOf() {
    return state == State.CLOSING || state == State.RELEASED;
  }

  @Override
  public void reset(Snapshot snapshot) {
    guarded(
        () -> {
          Channel channel = hub.channel(channelId);
          if (snapshot.epoch().isEmpty()) {
            end();
          } else if (channel == null) {
            begin(snapshot);
          } else if (!new Replica(channel).adopt(snapshot)) {
            end();
            begin(snapshot);
          }
        });
  }

  /** Another life than that which is known here has begun. */
  private void begin(Snapshot snapshot) {
    setAside.values().removeIf(channel -> !channel.isYetToBeBorn());
    Channel channel = setAside.remove(snapshot.epoch());
    if (channel == null || !new Replica(channel).adopt(snapshot)) { // Retired meanwhile.
      channel = hub.made(channelId, snapshot);
    }
    Channel before = hub.put(channel);
    if (isLetGoOf()) { // Meanwhile: then what is found to be forgotten is perhaps not this one.
      channel.retireIfNotYet();
    }
    if (before != null && before.isYetToBeBorn()) {
      setAside.put(before.epoch(), before);
    }
  }

  @Override
  public void append(String change, long version, long firstNumber, List<Entry> entries) {
    guarded(
        () -> {
          Channel channel = hub.channel(channelId);
          if (channel != null) {
            new Replica(channel).append(change, version, entries);
          }
        });
  }

  @Override
  public void end() {
    guarded(
        () -> {
          Channel channel = hub.channel(channelId);
          if (channel != null) {
            new Replica(channel).end();
          }
        });
  }

  /** What goes wrong for one that was answered is not to keep the others from what follows. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      Failures.log(e, failure -> LOG.error("a step of channel {} failed", channelId, failure));
    }
  }
}
