package io.pipely.core;

import io.pipely.spi.Ledger;
import io.pipely.spi.Nodes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The channels that this node follows in the ledger that it shares with others: those where it has
 * members, and for a while those that somebody asked about. Safe for use by several threads.
 */
final class Mirrors implements Nodes {

  /** For how long a channel is followed without a member here, and without being asked about. */
  private static final long IDLE_NANOS = 10_000_000_000L;

  /** As many clients may be asked about at once. */
  private static final int ASKERS = 64;

  private final Hub hub;
  private final Ledger ledger;
  private final Identities identities;
  private final ConcurrentMap<String, Mirror> mirrors = new ConcurrentHashMap<>();

  /** Ask the authorizer, who may take his time, which is not to be the ledger's. */
  private final ThreadPoolExecutor askers =
      new ThreadPoolExecutor(
          ASKERS,
          ASKERS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Mirrors::daemon,
          new ThreadPoolExecutor.DiscardPolicy());

  /** The nodes that are taken for dead: they have served their members last. */
  private final Set<String> dead = ConcurrentHashMap.newKeySet();

  Mirrors(Hub hub, Ledger ledger) {
    this.hub = hub;
    this.ledger = ledger;
    this.identities = new Identities(ledger.node());
    askers.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pipely-ask");
    thread.setDaemon(true);
    return thread;
  }

  /** Does something that may block. */
  void ask(Runnable question) {
    askers.execute(question);
  }

  void close() {
    try {
      ledger.close();
    } finally {
      askers.shutdown();
    }
  }

  Ledger ledger() {
    return ledger;
  }

  Accord accord(Channel channel) {
    return new Accord(channel, ledger, identities);
  }

  boolean isDead(String node) {
    return dead.contains(node);
  }

  /** Of a node something is heard that it has done. */
  @Override
  public void lives(String node) {
    if (!dead.isEmpty()) {
      dead.remove(node);
    }
  }

  /**
   * Does one of the two once the hub's channel is what it is for all nodes: now or later, with no
   * lock held.
   */
  void visit(String channelId, Runnable open, Runnable unavailable) {
    if (isFull(channelId)) {
      unavailable.run();
    } else {
      find(channelId, open, unavailable);
    }
  }

  private void find(String channelId, Runnable open, Runnable unavailable) {
    if (!ledger.isAvailable(channelId)) {
      unavailable.run();
      return;
    }
    Mirror mirror = mirror(channelId);
    while (!mirror.visit(open, unavailable)) { // It was let go of just now.
      mirrors.remove(channelId, mirror);
      mirror = mirror(channelId);
    }
  }

  /** Strangers may ask about any number of channels that there are not. */
  private boolean isFull(String channelId) {
    return mirrors.size() >= hub.options().maxChannels() && !mirrors.containsKey(channelId);
  }

  private Mirror mirror(String channelId) {
    return mirrors.computeIfAbsent(channelId, id -> new Mirror(hub, ledger, id));
  }

  /** Does one of the two, the first once all that is in the ledger now is known here. */
  void refresh(String channelId, Runnable refreshed, Runnable unavailable) {
    ledger.refresh(
        channelId,
        isKnown -> {
          if (isKnown) {
            refreshed.run();
          } else {
            unavailable.run();
          }
        });
  }

  @Override
  public void died(String node, Set<String> channelIds) {
    dead.add(node);
    for (String channelId : channelIds) {
      find(channelId, () -> tend(channelId), () -> {});
    }
  }

  /** Does what is due: tends the members that nothing serves, and lets go of what is idle. */
  void sweep(long now) {
    mirrors.forEach(
        (channelId, mirror) -> {
          tend(channelId);
          if (mirror.isLetGoOf()) { // It could not be followed.
            mirrors.remove(channelId, mirror);
          } else if (mirror.closeIfIdle(now - IDLE_NANOS)) {
            letGo(channelId, mirror);
          }
        });
  }

  /** Only after that it can be followed anew: the ledger follows no channel twice. */
  private void letGo(String channelId, Mirror mirror) {
    ledger.release(channelId);
    mirror.released(late -> visit(channelId, late.open(), late.unavailable()));
    mirrors.remove(channelId, mirror);
  }

  private void tend(String channelId) {
    Channel channel = hub.channel(channelId);
    if (channel != null) {
      new Replica(channel).tend();
    }
  }
}
