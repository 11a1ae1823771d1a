package io.pipely.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.pipely.spi.Change;
import io.pipely.spi.Entry;
import io.pipely.spi.Epochs;
import io.pipely.spi.Feed;
import io.pipely.spi.Outcome;
import io.pipely.spi.Seat;
import io.pipely.spi.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node knows of one channel that it follows: never more than its feed has been told.
 *
 * <p>It goes on by messages, each of which says by number where it belongs. Where one does not fit,
 * or the links are new, Redis is read, and what comes meanwhile has to wait. What a reading says is
 * told as entries where it follows without a hole on what is known, otherwise as a snapshot.
 *
 * <p>Where Redis has less than is known here it has lost data, and what is known is put back under
 * a new epoch: if the epoch is the same but the newest entry is an older one, or another is in its
 * place; or if the channel is not there at all, or another in its place, and {@link Keys#run} is
 * not what it was when the channel was last seen there. If that is the same still, the channel has
 * ended by rights while nobody told this node.
 *
 * <p>States: following → reading → following; reading → restoring → reading; and released, for
 * good, from any. It begins by reading. Everything is done in one mailbox.
 */
final class Mirror {

  private enum State {
    FOLLOWING,
    READING,
    RESTORING,
    RELEASED
  }

  /** A change that was sent, and its outcome not yet told. */
  private static final class Pending {
    final Change change;
    final Consumer<Outcome> outcome;
    final long sent;

    /** Null until Redis has answered. */
    @Nullable Outcome answer;

    /** When the answer came, and the last reading that was begun before. */
    long answered;

    int before;

    Pending(Change change, Consumer<Outcome> outcome, long sent) {
      this.change = change;
      this.outcome = outcome;
      this.sent = sent;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Mirror.class);

  /** After which it is not known what has become of a change. */
  private static final long DEADLINE = Duration.ofSeconds(2).toNanos();

  /** How long a message may be under way after the answer that tells of the same. */
  private static final long MESSAGE_PATIENCE = Duration.ofMillis(200).toNanos();

  private static final long RETRY = Duration.ofMillis(300).toNanos();

  /** More of them wait for a reading than are worth keeping: another reading is made instead. */
  private static final int MAX_WAITING = 1000;

  private final String channelId;
  private final Keys keys;
  private final Store store;
  private final Register register;
  private final Feed feed;
  private final Mailbox mailbox = new Mailbox();

  /** Looked at before each call of the feed. */
  private volatile boolean isReleased;

  /** Whether there is anything to do for {@link #tick}. */
  private volatile boolean isUnsettled;

  // All of what follows is of the mailbox.

  /** Null once it was called. */
  private @Nullable Consumer<Boolean> opened;

  private State state = State.READING;
  private String epoch = "";

  /** The epoch in which this life of the channel began, before it was ever put back. */
  private String origin = "";

  private long version;
  private @Nullable String passwordHash;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private long last;
  private String lastChange = "";

  /** What {@link Keys#run} was when the channel was last seen in Redis. */
  private String run = "";

  private boolean isSubscribed;

  /** How many readings have been begun; an answer to an older one is not looked at. */
  private int readings;

  private boolean mustReadAgain;

  /** Who waits for a reading that is yet to begin, and who for the one that has begun. */
  private final List<Consumer<Boolean>> toRefresh = new ArrayList<>();

  private final List<Consumer<Boolean>> refreshing = new ArrayList<>();

  /** When a reading is to be made since one has failed; null where none has. */
  private @Nullable Long retry;

  /** Whether this node may have got a seat that is not known. */
  private boolean isUncertain;

  private final Deque<Message> waiting = new ArrayDeque<>();
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  Mirror(String channelId, Store store, Register register, Feed feed, Consumer<Boolean> opened) {
    this.channelId = channelId;
    keys = Keys.of(channelId);
    this.store = store;
    this.register = register;
    this.feed = feed;
    this.opened = opened;
  }

  /** Begins, and begins anew where the links are new ones. */
  void resume() {
    mailbox.run(
        () -> {
          if (state != State.RELEASED) {
            isSubscribed = false;
            beginReading();
          }
        });
  }

  void message(Message message) {
    mailbox.run(
        () -> {
          if (state == State.FOLLOWING) {
            follow(message);
          } else if (waiting.size() < MAX_WAITING) {
            waiting.add(message);
          } else {
            mustReadAgain = true;
          }
          settled();
        });
  }

  void commit(Change change, Consumer<Outcome> outcome) {
    mailbox.run(
        () -> {
          try {
            if (state == State.RELEASED || !store.isAvailable(keys)) {
              tell(outcome, Outcome.UNKNOWN);
            } else if (!stands(change)) {
              tell(outcome, Outcome.STALE);
            } else {
              send(change, outcome);
            }
          } finally { // What could not be sent is not known to be entered, after a time.
            settled();
          }
        });
  }

  void refresh(Consumer<Boolean> refreshed) {
    mailbox.run(
        () -> {
          if (state == State.RELEASED || !store.isAvailable(keys)) {
            refreshed.accept(false);
          } else {
            toRefresh.add(refreshed);
            read();
          }
          settled();
        });
  }

  /** To be called several times a second. */
  void tick() {
    if (isUnsettled) {
      mailbox.run(
          () -> {
            lookAround(System.nanoTime());
            settled();
          });
    }
  }

  /** After it the feed is not called any more. */
  void release() {
    isReleased = true;
    mailbox.run(
        () -> {
          if (pending.isEmpty() && !isUncertain && !hasOwnSeat()) {
            register.strikeOut(channelId);
          }
          end();
        });
  }

  /** The same, where nothing can be said to Redis any more. */
  void close() {
    isReleased = true;
    mailbox.run(this::end);
  }

  private void end() {
    state = State.RELEASED;
    waiting.clear();
    refreshed(false);
    opened(false);
    List.copyOf(pending.values()).forEach(each -> settle(each, Outcome.UNKNOWN));
    settled();
  }

  // Reading

  private void read() {
    if (state == State.FOLLOWING) {
      beginReading();
    } else {
      mustReadAgain = true;
    }
  }

  private void beginReading() {
    state = State.READING;
    mustReadAgain = false;
    retry = null;
    readings++;
    int reading = readings;
    // They are older than what will be read.
    waiting.clear();
    refreshing.addAll(toRefresh);
    toRefresh.clear();
    whenDone(
        store.read(keys, !isSubscribed, epoch, last, lastChange),
        (found, failure) -> {
          if (state == State.READING && reading == readings) {
            isSubscribed |= failure == null;
            hasRead(found, failure);
          }
        });
  }

  private interface Step<T> {
    void take(@Nullable T result, @Nullable Throwable failure);
  }

  private <T> void whenDone(CompletionStage<T> stage, Step<T> step) {
    stage.whenComplete(
        (result, failure) ->
            mailbox.run(
                () -> {
                  step.take(result, failure);
                  settled();
                }));
  }

  private void hasRead(@Nullable Reading found, @Nullable Throwable failure) {
    if (found == null) {
      hasFailed(failure);
    } else if (!epoch.isEmpty() && !found.run().equals(run) && isUnknownTo(found)) {
      restore(found);
    } else if (found.epoch().equals(epoch) && isBehind(found)) {
      restore(found);
    } else {
      take(found);
    }
  }

  /**
   * Whether the channel that this node knows is not there, nor has been put back: where there is
   * another in its place, made by somebody who came to a node that did not know this one, those
   * whom this node serves came first.
   */
  private boolean isUnknownTo(Reading found) {
    return found.isNone() || (!found.origin().equals(origin) && hasOwnSeat());
  }

  /** Whether it lacks what is known, be it that something else was entered in its place. */
  private boolean isBehind(Reading found) {
    return found.last() < last || found.version() < version || found.isDiverged();
  }

  private void refreshed(boolean isRefreshed) {
    List<Consumer<Boolean>> told = new ArrayList<>(refreshing);
    refreshing.clear();
    if (!isRefreshed) {
      told.addAll(toRefresh);
      toRefresh.clear();
    }
    for (Consumer<Boolean> each : told) {
      try {
        each.accept(isRefreshed);
      } catch (RuntimeException | Error e) {
        log.error("could not tell that a channel is up to date", e);
      }
    }
  }

  /** Says whether it is followed, where that is yet to be said. */
  private void opened(boolean isOpen) {
    Consumer<Boolean> callback = opened;
    if (callback != null) {
      opened = null;
      callback.accept(isOpen);
    }
  }

  private void hasFailed(@Nullable Throwable failure) {
    refreshed(false);
    if (opened != null) {
      state = State.RELEASED;
      opened(false);
    } else {
      log.debug("could not read a channel", failure);
      state = State.FOLLOWING;
      retry = System.nanoTime() + RETRY;
    }
  }

  private void restore(Reading found) {
    int reading = readings;
    state = State.RESTORING;
    register.noteFor(places.values(), channelId);
    whenDone(
        store.restore(keys, found, Epochs.next(), origin, version, passwordHash, places),
        (isRestored, failure) -> {
          if (state != State.RESTORING || reading != readings) {
            return;
          }
          if (failure != null) {
            hasFailed(failure);
          } else {
            // By this node or by another that came first.
            beginReading();
          }
        });
  }

  /** Makes what is known the same as what was read. */
  private void take(Reading found) {
    run = found.run();
    if (found.isSequel()) {
      takeSequel(found.log());
    } else if (opened == null && found.isFromItsBeginning()) {
      begin(found.epoch(), found.passwordHash());
      takeSequel(found.log());
    } else if (opened != null || !(found.isNone() && epoch.isEmpty())) {
      takeWhole(found);
    }
    for (Pending each : List.copyOf(pending.values())) {
      if (each.answer != null && each.before < readings) {
        settle(each, each.answer);
      }
    }
    state = isReleased ? State.RELEASED : State.FOLLOWING;
    refreshed(!isReleased);
    opened(true);
    while (state == State.FOLLOWING && !waiting.isEmpty()) {
      follow(waiting.remove());
    }
    if (mustReadAgain && state == State.FOLLOWING) {
      beginReading();
    }
  }

  private void takeSequel(List<Reading.Logged> entries) {
    int from = 0;
    while (from < entries.size()) {
      Reading.Logged first = entries.get(from);
      List<Entry> change = new ArrayList<>();
      int to = from;
      while (to < entries.size() && entries.get(to).change().equals(first.change())) {
        change.add(entries.get(to).entry());
        to++;
      }
      append(first.change(), first.version(), first.number(), change);
      committed(first.change());
      from = to;
    }
    settleStale();
  }

  private void takeWhole(Reading found) {
    epoch = found.epoch();
    origin = found.origin();
    version = found.version();
    passwordHash = found.passwordHash();
    places.clear();
    found.places().forEach(place -> places.put(place.seat().id(), place));
    if (hasOwnSeat()) {
      register.note(channelId);
    }
    last = found.last();
    lastChange = found.log().isEmpty() ? "" : found.log().get(found.log().size() - 1).change();
    List<Entry> entries = found.log().stream().map(Reading.Logged::entry).toList();
    reset(entries);
    found.log().stream().map(Reading.Logged::change).distinct().forEach(this::committed);
    settleStale();
  }

  // Following

  private void follow(Message message) {
    if (message.isCreation() && epoch.isEmpty()) {
      begin(message.epoch(), message.passwordHash());
      append(message);
    } else if (!message.epoch().equals(epoch)) {
      read();
    } else if (message.last() > last) {
      if (message.first() == last + 1) {
        append(message);
      } else {
        read();
      }
    } else if (message.last() == last && !message.change().equals(lastChange)) {
      read(); // Something else than what is known was entered in its place.
    }
  }

  /** A life that is told from its first change on, so that one of this node's is known in it. */
  private void begin(String newEpoch, @Nullable String newPasswordHash) {
    epoch = newEpoch;
    origin = newEpoch;
    version = 0;
    passwordHash = newPasswordHash;
    places.clear();
    last = 0;
    lastChange = "";
    reset(List.of());
  }

  private void append(Message message) {
    append(message.change(), message.version(), message.first(), message.entries());
    if (message.isEnd()) {
      epoch = "";
      origin = "";
      version = 0;
      passwordHash = null;
      places.clear();
      last = 0;
      lastChange = "";
      callFeed(feed::end);
    }
    committed(message.change());
    settleStale();
  }

  private void append(String change, long newVersion, long first, List<Entry> entries) {
    Effect.of(places, newVersion - Effect.countMembers(entries), entries).applyTo(places);
    version = newVersion;
    last = first + entries.size() - 1;
    lastChange = change;
    callFeed(() -> feed.append(change, newVersion, first, entries));
  }

  private void reset(List<Entry> entries) {
    List<Seat> seats = places.values().stream().map(Place::seat).toList();
    Snapshot snapshot =
        epoch.isEmpty()
            ? Snapshot.NONE
            : new Snapshot(epoch, version, passwordHash, seats, last, entries);
    callFeed(() -> feed.reset(snapshot));
  }

  private void callFeed(Runnable call) {
    if (isReleased) {
      return;
    }
    try {
      call.run();
    } catch (RuntimeException e) {
      log.error("a channel's feed failed", e);
    }
  }

  private boolean hasOwnSeat() {
    return places.values().stream().anyMatch(this::isOwn);
  }

  private boolean isOwn(Place place) {
    return place.seat().node().equals(register.node());
  }

  // Changes of this node's

  private boolean stands(Change change) {
    return change.creation() != null
        ? epoch.isEmpty()
        : epoch.equals(change.epoch()) && version == change.version();
  }

  private void send(Change change, Consumer<Outcome> outcome) {
    Pending sent = new Pending(change, outcome, System.nanoTime());
    pending.put(change.id(), sent);
    Effect effect = Effect.of(places, change.creation() == null ? version : 0, change.entries());
    if (effect.put().values().stream().anyMatch(this::isOwn)) {
      register.note(channelId);
    }
    whenDone(
        store.commit(
            keys, channelId, change, last, effect.version(), effect.put(), effect.removed()),
        (first, failure) -> {
          if (pending.get(change.id()) == sent) {
            answered(sent, first, failure);
          }
        });
  }

  private void answered(Pending sent, @Nullable Long first, @Nullable Throwable failure) {
    sent.answered = System.nanoTime();
    sent.before = readings;
    if (first == null) {
      // What Redis refuses is not entered. Otherwise it may yet be found in the log.
      if (failure != null
          && Failures.cause(failure) instanceof RedisCommandExecutionException refusal) {
        store.refused(refusal);
        settle(sent, Outcome.UNKNOWN);
      }
    } else if (first > 0) {
      sent.answer = Outcome.COMMITTED;
    } else if (stands(sent.change)) {
      sent.answer = Outcome.STALE;
      read();
    } else {
      settle(sent, Outcome.STALE);
    }
  }

  private void committed(String change) {
    Pending sent = pending.get(change);
    if (sent != null) {
      settle(sent, Outcome.COMMITTED);
    }
  }

  /** What Redis has called stale, and is known why by now. */
  private void settleStale() {
    for (Pending each : List.copyOf(pending.values())) {
      if (each.answer == Outcome.STALE && !stands(each.change)) {
        settle(each, Outcome.STALE);
      }
    }
  }

  private void settle(Pending sent, Outcome outcome) {
    pending.remove(sent.change.id());
    isUncertain |= outcome == Outcome.UNKNOWN;
    tell(sent.outcome, outcome);
  }

  private void tell(Consumer<Outcome> callback, Outcome outcome) {
    try {
      callback.accept(outcome);
    } catch (RuntimeException | Error e) {
      log.error("could not tell the outcome of a change", e);
    }
  }

  private void lookAround(long now) {
    boolean isMessageLate = false;
    for (Pending each : List.copyOf(pending.values())) {
      if (now - each.sent > DEADLINE) {
        settle(each, Outcome.UNKNOWN);
      } else if (each.answer != null && now - each.answered > MESSAGE_PATIENCE) {
        isMessageLate = true;
      }
    }
    boolean isTimeToRetry = retry != null && now - retry >= 0 && store.isAvailable(keys);
    if (state == State.FOLLOWING && (isMessageLate || isTimeToRetry)) {
      beginReading();
    }
  }

  private void settled() {
    isUnsettled = retry != null || !pending.isEmpty();
  }
}
