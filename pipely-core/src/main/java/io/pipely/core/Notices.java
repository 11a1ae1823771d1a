package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.PipelyListener;
import io.pipely.Refusal;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners, each in its own time. To be told of under the channel's lock, so that the
 * order is that of what happened: under it a notice is only put into a queue.
 */
final class Notices {

  /** Nobody is told. */
  static final Notices NONE = new Notices(List.of());

  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** What may wait for one listener; of refusals, which strangers make, half as much. */
  private static final long MAX_WAITING_BYTES = 16 << 20;

  /** What a notice costs beside an event's payload; measured roughly. */
  private static final int NOTICE_BYTES = 256;

  /** Longer ids are not valid, and are shown in part. */
  private static final int MAX_ID_LENGTH = 128;

  private static final long IDLE_SECONDS = 10;
  private static final long STOP_SECONDS = 1;

  private final List<Desk> desks;

  Notices(List<PipelyListener> listeners) {
    this(listeners, Notices::daemon);
  }

  /** With threads of a test's. */
  Notices(List<PipelyListener> listeners, ThreadFactory threads) {
    desks = listeners.stream().map(listener -> new Desk(listener, threads)).toList();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pipely-listener");
    thread.setDaemon(true);
    return thread;
  }

  void created(String channelId) {
    tell(listener -> listener.channelCreated(channelId));
  }

  void destroyed(String channelId) {
    tell(listener -> listener.channelDestroyed(channelId));
  }

  void joined(String channelId, Member member) {
    tell(listener -> listener.joined(channelId, member.clientId()));
  }

  void left(String channelId, Member member, EndReason why) {
    tell(listener -> listener.left(channelId, member.clientId(), why));
  }

  void lost(String channelId, Member member) {
    tell(listener -> listener.lost(channelId, member.clientId()));
  }

  void takenOver(String channelId, Member member) {
    tell(listener -> listener.takenOver(channelId, member.clientId()));
  }

  void stalled(String channelId, Member member) {
    tell(listener -> listener.slowMemberClosed(channelId, member.clientId()));
  }

  void published(Event event, int recipients) {
    if (!desks.isEmpty()) { // Else not even the notice is made: this is the hot path.
      int bytes = NOTICE_BYTES + event.payload().length();
      tell(listener -> listener.published(event, recipients), bytes, MAX_WAITING_BYTES);
    }
  }

  void refused(String channelId, String clientId, Refusal why) {
    String channel = shortened(channelId);
    String client = shortened(clientId);
    tell(
        listener -> listener.refused(channel, client, why),
        NOTICE_BYTES + channel.length() + client.length(),
        MAX_WAITING_BYTES / 2);
  }

  private static String shortened(String id) {
    return id.length() <= MAX_ID_LENGTH ? id : id.substring(0, MAX_ID_LENGTH) + "...";
  }

  private void tell(Consumer<PipelyListener> what) {
    tell(what, NOTICE_BYTES, MAX_WAITING_BYTES);
  }

  private void tell(Consumer<PipelyListener> what, int bytes, long maxWaiting) {
    for (Desk desk : desks) {
      desk.tell(what, bytes, maxWaiting);
    }
  }

  /** Waits a moment for what is still to be told. */
  void stop() {
    desks.forEach(desk -> desk.thread.shutdown());
    try {
      for (Desk desk : desks) {
        boolean unused = desk.thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One listener, what it is yet to be told, and its thread, which ends when idle. */
  private static final class Desk {

    private final PipelyListener listener;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    /** Bounded by what waits, not by how many; what comes after the stop is dropped. */
    private final ThreadPoolExecutor thread;

    Desk(PipelyListener listener, ThreadFactory threads) {
      this.listener = listener;
      this.thread =
          new ThreadPoolExecutor(
              1,
              1,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              threads,
              new ThreadPoolExecutor.DiscardPolicy());
      thread.allowCoreThreadTimeOut(true);
    }

    void tell(Consumer<PipelyListener> what, int bytes, long maxWaiting) {
      if (waitingBytes.addAndGet(bytes) > maxWaiting) {
        waitingBytes.addAndGet(-bytes);
        missed.incrementAndGet();
        return;
      }
      long missedBefore = missed.getAndSet(0);
      try {
        thread.execute(
            () -> {
              if (missedBefore > 0) {
                LOG.warn("{} is too slow: it misses {} of what happened", listener, missedBefore);
                call(l -> l.missed(missedBefore));
              }
              call(what);
              waitingBytes.addAndGet(-bytes);
            });
      } catch (OutOfMemoryError e) { // No thread is to be had; what is being done has to be ended.
        waitingBytes.addAndGet(-bytes);
        missed.addAndGet(missedBefore + 1);
      }
    }

    private void call(Consumer<PipelyListener> what) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        Failures.log(
            e,
            failure -> LOG.error("{} failed; it will be told of what follows", listener, failure));
      }
    }
  }
}
