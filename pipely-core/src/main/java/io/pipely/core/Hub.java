package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Authorizer;
import io.pipely.Caller;
import io.pipely.ChannelInfo;
import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Pipely;
import io.pipely.PipelyListener;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import io.pipely.Subscriber;
import io.pipely.spi.Ledger;
import io.pipely.spi.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All channels by id: finds or makes the one that an operation is about, and hands it on. */
public final class Hub implements Pipely {

  /** However short the times are, the sweep is not to keep a core busy. */
  private static final long MIN_SWEEP_NANOS = 10_000_000;

  private final Options options;
  private final LongSupplier ticker;
  private final Executor executor;
  private final Runnable stopThreads;
  private final Secrets secrets;
  private final Gate gate;
  private final Notices notices;
  private final Budget budget;
  private final Graces graces;

  /** Null where this is the only node. */
  private final @Nullable Mirrors mirrors;

  private final ConcurrentMap<String, Channel> channels = new ConcurrentHashMap<>();

  /** Channels, and those about to be made: so that no more are made than there may be. */
  private final AtomicInteger channelCount = new AtomicInteger();

  private final AtomicInteger memberCount = new AtomicInteger();

  /** The connections whose subscribers have not been told of their end. */
  private final Tally open = new Tally();

  /** Nothing is accepted any more. */
  private volatile boolean isClosing;

  /** And nobody is to be waited for. */
  private volatile boolean isClosed;

  /**
   * A hub without threads of its own, for tests.
   *
   * @param ticker nanoseconds that only grow
   * @param executor runs long passes
   */
  Hub(Options options, LongSupplier ticker, Executor executor, Runnable stopThreads) {
    this(
        options,
        ticker,
        executor,
        stopThreads,
        new Secrets(null),
        new Gate(null),
        Notices.NONE,
        null);
  }

  Hub(
      Options options,
      LongSupplier ticker,
      Executor executor,
      Runnable stopThreads,
      Secrets secrets,
      Gate gate,
      Notices notices,
      @Nullable Ledger ledger) {
    this.options = options;
    this.ticker = ticker;
    this.executor = executor;
    this.stopThreads = stopThreads;
    this.secrets = secrets;
    this.gate = gate;
    this.notices = notices;
    this.budget = new Budget(options.keepInAll());
    this.graces = new Graces(options.grace().toNanos());
    if (ledger == null) {
      this.mirrors = null;
    } else {
      this.mirrors = new Mirrors(this, ledger);
      ledger.start(mirrors);
    }
  }

  /** A hub with its threads started. */
  public static Hub start(
      Options options,
      @Nullable String serverKey,
      @Nullable Authorizer authorizer,
      List<PipelyListener> listeners,
      @Nullable Ledger ledger) {
    Threads threads = new Threads();
    Hub hub =
        new Hub(
            options,
            System::nanoTime,
            threads.workers(),
            threads::stop,
            ledger == null ? new Secrets(serverKey) : new Secrets(serverKey, ledger::key),
            new Gate(authorizer),
            new Notices(listeners),
            ledger);
    threads.every(sweepPeriod(options), hub::sweep);
    if (hub.graces.areGiven()) {
      threads.every(Math.max(options.grace().toNanos() / 8, MIN_SWEEP_NANOS), hub::endGraces);
    }
    return hub;
  }

  /** Often enough that nothing is late by more than an eighth of the time after which it is due. */
  private static long sweepPeriod(Options options) {
    long due =
        Math.min(
            Math.min(options.heartbeat().toNanos(), options.stall().toNanos()),
            options.keepTime().toNanos());
    return Math.max(due / 8, MIN_SWEEP_NANOS);
  }

  @Override
  public void join(Join join, Subscriber subscriber, Answer<? super Membership> answer) {
    Objects.requireNonNull(subscriber, "subscriber");
    Refusal refusal = unlessClosed(Checks.join(join));
    if (refusal != null) {
      refuse(refusal, join.channelId(), join.clientId(), answer);
    } else {
      findAndEnter(join, subscriber, answer, null);
    }
  }

  /** Looks what the channel is, where that is not known here, and enters it. */
  private void findAndEnter(
      Join join,
      Subscriber subscriber,
      Answer<? super Membership> answer,
      Authorizer.@Nullable Action granted) {
    visit(
        join.channelId(),
        () -> enter(join, subscriber, answer, granted),
        () -> refuse(Refusal.STORE_UNAVAILABLE, join.channelId(), join.clientId(), answer));
  }

  /** Does one of the two once the channel here is what it is for all nodes. */
  private void visit(String channelId, Runnable open, Runnable unavailable) {
    if (mirrors == null || isClosing) { // Then nothing is looked for: all is refused.
      open.run();
    } else {
      mirrors.visit(channelId, open, unavailable);
    }
  }

  /** Does one of the two, the first once all is known here that any node has done. */
  private void refresh(String channelId, Runnable refreshed, Runnable unavailable) {
    if (mirrors == null || isClosing) {
      refreshed.run();
    } else {
      mirrors.refresh(channelId, refreshed, unavailable);
    }
  }

  /**
   * Joins or creates, as things are.
   *
   * @param granted what the authorizer has allowed already
   */
  private void enter(
      Join join,
      Subscriber subscriber,
      Answer<? super Membership> answer,
      Authorizer.@Nullable Action granted) {
    if (isClosing) { // Since it was asked for.
      refuse(Refusal.SHUTTING_DOWN, join.channelId(), join.clientId(), answer);
      return;
    }
    Channel channel;
    do {
      channel = channels.get(join.channelId());
      Authorizer.Action needed =
          channel == null ? Authorizer.Action.CREATE : Authorizer.Action.JOIN;
      if (gate.asks(join.caller()) && granted != needed) {
        Runnable question =
            () ->
                gate.ask(
                    new Authorizer.Operation(
                        needed, join.channelId(), join.clientId(), join.caller()),
                    () -> findAndEnter(join, subscriber, answer, needed),
                    () -> refuse(Refusal.FORBIDDEN, join.channelId(), join.clientId(), answer));
        if (mirrors == null) {
          question.run();
        } else {
          mirrors.ask(question);
        }
        return;
      }
      if (channel == null) {
        Creation creation = create(join);
        if (creation.refusal() != null) {
          refuse(creation.refusal(), join.channelId(), join.clientId(), answer);
          return;
        }
        channel = creation.made(); // None where somebody else was faster: that is another question.
      }
    } while (channel == null);
    channel.join(
        join,
        subscriber,
        answer,
        granted != Authorizer.Action.JOIN,
        () -> findAndEnter(join, subscriber, answer, granted));
    if (isClosing) { // Perhaps it was not there yet when all channels were closed.
      channel.drain();
    }
    if (isClosed) {
      channel.close();
    }
  }

  /** What came of making a channel; neither where another is there already. */
  private record Creation(@Nullable Channel made, @Nullable Refusal refusal) {}

  /** Puts a channel without members into the map. */
  private Creation create(Join join) {
    String password = join.credentials().password();
    Refusal refusal = password == null ? null : Names.checkNewPassword(password);
    if (refusal != null) {
      return new Creation(null, refusal);
    }
    byte[] hash = secrets.hashOrNull(password);
    List<Channel> made = new ArrayList<>(1);
    // Within the map, so that who comes second waits, and finds the channel there.
    Channel there =
        channels.computeIfAbsent(
            join.channelId(),
            id -> {
              if (!mayAddChannel()) {
                return null;
              }
              Channel channel = new Channel(this, id, hash);
              made.add(channel);
              return channel;
            });
    return new Creation(
        made.isEmpty() ? null : made.get(0), there == null ? Refusal.TOO_MANY_CHANNELS : null);
  }

  private boolean mayAddChannel() {
    if (channelCount.incrementAndGet() <= options.maxChannels()) {
      return true;
    }
    channelCount.decrementAndGet();
    return false;
  }

  @Override
  public void publish(Publication publication, Answer<? super Receipt> answer) {
    publish(
        List.of(publication),
        Answer.<List<Receipt>>of(receipts -> answer.ok(receipts.get(0)), answer::refused));
  }

  @Override
  public void publish(List<Publication> publications, Answer<? super List<Receipt>> answer) {
    Refusal miscounted = Checks.count(publications);
    if (miscounted != null) {
      refuse(miscounted, "", "", answer);
      return;
    }
    String channelId = publications.get(0).channelId();
    for (int i = 0; i < publications.size(); i++) {
      Refusal refusal = unlessClosed(Checks.publication(publications.get(i), channelId));
      if (refusal != null) {
        refuse(refusal, i, publications, answer);
        return;
      }
    }
    publish(publications, 0, answer);
  }

  /** Asks for those from an index on, and publishes them all. */
  void publish(List<Publication> publications, int from, Answer<? super List<Receipt>> answer) {
    for (int i = from; i < publications.size(); i++) {
      Publication publication = publications.get(i);
      Caller caller = publication.caller();
      if (caller != null && gate.asks(caller)) {
        int index = i;
        gate.ask(
            new Authorizer.Operation(
                Authorizer.Action.PUBLISH, publication.channelId(), publication.originId(), caller),
            () -> publish(publications, index + 1, answer),
            () -> refuse(Refusal.FORBIDDEN, index, publications, answer));
        return;
      }
    }
    String channelId = publications.get(0).channelId();
    Channel channel = mirrors == null ? channels.get(channelId) : null;
    if (channel != null) { // The hot path: nothing is made for what might have to wait.
      channel.publish(publications, answer);
    } else {
      find(
          channelId,
          found -> found.publish(publications, answer),
          why -> refuse(why, 0, publications, answer));
    }
  }

  /** Does one of the two; where nodes share channels, once it is known what they know. */
  private void find(
      String channelId, Consumer<? super Channel> found, Consumer<? super Refusal> refused) {
    Runnable unavailable = () -> refused.accept(Refusal.STORE_UNAVAILABLE);
    Runnable decide =
        () -> {
          Channel channel = channels.get(channelId);
          if (channel == null) {
            refused.accept(noSuchChannel());
          } else {
            found.accept(channel);
          }
        };
    visit(
        channelId,
        () -> {
          if (channels.containsKey(channelId)) {
            decide.run();
          } else { // Perhaps another node has just made it.
            refresh(channelId, decide, unavailable);
          }
        },
        unavailable);
  }

  /** Who asks for nothing wrong is refused all the same once this is closed. */
  private @Nullable Refusal unlessClosed(@Nullable Refusal refusal) {
    return refusal == null && isClosing ? Refusal.SHUTTING_DOWN : refusal;
  }

  /** It may have been there until just now. */
  private Refusal noSuchChannel() {
    return isClosing ? Refusal.SHUTTING_DOWN : Refusal.NO_SUCH_CHANNEL;
  }

  @Override
  public void leave(
      String channelId, String clientId, @Nullable String token, Answer<? super String> answer) {
    Refusal refusal = unlessClosed(Checks.member(channelId, clientId));
    if (refusal != null) {
      refuse(refusal, channelId, clientId, answer);
      return;
    }
    findAndLeave(channelId, clientId, secrets.hashOrNull(token), answer);
  }

  /** Has whoever has an id leave, if it may be by that token. */
  void findAndLeave(
      String channelId,
      String clientId,
      byte @Nullable [] tokenHash,
      Answer<? super String> answer) {
    find(
        channelId,
        channel -> channel.leave(clientId, tokenHash, answer),
        why -> refuse(why, channelId, clientId, answer));
  }

  @Override
  public void look(String channelId, Answer<? super ChannelInfo> answer) {
    look(channelId, channel -> true, answer);
  }

  @Override
  public void look(
      String channelId,
      Credentials credentials,
      Caller caller,
      Answer<? super ChannelInfo> answer) {
    Runnable look = () -> look(channelId, channel -> channel.mayLook(credentials), answer);
    if (gate.asks(caller) && !secrets.isServerKey(credentials.serverKey())) {
      gate.ask(
          new Authorizer.Operation(Authorizer.Action.LOOK, channelId, "", caller),
          look,
          () -> refuse(Refusal.FORBIDDEN, channelId, "", answer));
    } else {
      look.run();
    }
  }

  private void look(
      String channelId, Predicate<Channel> mayLook, Answer<? super ChannelInfo> answer) {
    Runnable look = () -> lookHere(channelId, mayLook, answer);
    Runnable unavailable = () -> refuse(Refusal.STORE_UNAVAILABLE, channelId, "", answer);
    visit(channelId, () -> refresh(channelId, look, unavailable), unavailable);
  }

  private void lookHere(
      String channelId, Predicate<Channel> mayLook, Answer<? super ChannelInfo> answer) {
    Channel channel = isClosing ? null : channels.get(channelId);
    if (channel != null && channel.isOpen() && !mayLook.test(channel)) {
      refuse(Refusal.WRONG_PASSWORD, channelId, "", answer);
      return;
    }
    ChannelInfo info = channel == null ? null : channel.look();
    if (info == null) {
      refuse(noSuchChannel(), channelId, "", answer);
    } else {
      answer.ok(info);
    }
  }

  @Override
  public void look(Answer<? super List<ChannelInfo>> answer) {
    if (isClosing) {
      refuse(Refusal.SHUTTING_DOWN, "", "", answer);
      return;
    }
    if (mirrors != null) {
      mirrors
          .ledger()
          .list(
              listed -> {
                if (listed == null) {
                  refuse(Refusal.STORE_UNAVAILABLE, "", "", answer);
                } else {
                  answer.ok(listed);
                }
              });
      return;
    }
    answer.ok(channels.values().stream().map(Channel::look).filter(Objects::nonNull).toList());
  }

  @Override
  public void look(Credentials credentials, Answer<? super List<ChannelInfo>> answer) {
    if (secrets.isServerKey(credentials.serverKey())) {
      look(answer);
    } else {
      refuse(Refusal.LOOKING_NEEDS_SERVER_KEY, "", "", answer);
    }
  }

  /** Refuses, and tells of it. */
  void refuse(Refusal why, String channelId, String clientId, Answer<?> answer) {
    notices.refused(channelId, clientId, why);
    answer.refused(why);
  }

  /** Refuses for one of several. */
  void refuse(Refusal why, int index, List<Publication> publications, Answer<?> answer) {
    Publication publication = publications.get(index);
    notices.refused(publication.channelId(), publication.originId(), why);
    answer.refused(why, index);
  }

  @Override
  public int keepBytes() {
    return options.keepBytes();
  }

  @Override
  public boolean hasAuthorizer() {
    return !gate.isOpen();
  }

  @Override
  public Stats stats() {
    return new Stats(channels.size(), memberCount.get());
  }

  @Override
  public void close(Duration atMost) {
    drain();
    open.awaitNone(atMost.toNanos());
    close();
  }

  /** From here on nothing is accepted, and everybody is ended who has got everything. */
  void drain() {
    isClosing = true;
    channels.values().forEach(Channel::drain);
  }

  @Override
  public void close() {
    isClosing = true;
    isClosed = true;
    channels.values().forEach(Channel::close);
    stopThreads.run();
    try {
      if (mirrors != null) {
        mirrors.close();
      }
    } finally {
      notices.stop();
    }
  }

  /** Does what is due by time: forgets old events, and sends signs of life. */
  void sweep() {
    long now = now();
    List<Runnable> due = new ArrayList<>();
    try {
      for (Channel channel : channels.values()) {
        channel.sweep(now, due);
      }
      if (mirrors != null) {
        mirrors.sweep(now);
      }
    } finally { // What was taken has to be delivered, whatever went wrong elsewhere.
      for (int from = 0; from < due.size(); from += FanOut.TURN) {
        List<Runnable> turn = due.subList(from, Math.min(from + FanOut.TURN, due.size()));
        Handover.run(() -> turn.forEach(Runnable::run), executor);
      }
    }
  }

  /** Does what is due more often: ends the memberships whose time to come back has run out. */
  void endGraces() {
    graces.endDue(now(), executor);
  }

  @Override
  public Duration stall() {
    return options.stall();
  }

  Graces graces() {
    return graces;
  }

  Options options() {
    return options;
  }

  Secrets secrets() {
    return secrets;
  }

  Notices notices() {
    return notices;
  }

  Budget budget() {
    return budget;
  }

  Executor executor() {
    return executor;
  }

  long now() {
    return ticker.getAsLong();
  }

  @Nullable Mirrors mirrors() {
    return mirrors;
  }

  /** Whether another node is taken for dead. */
  boolean isDead(String node) {
    return mirrors != null && mirrors.isDead(node);
  }

  /** Something is heard of a node. */
  void isAlive(String node) {
    if (mirrors != null) {
      mirrors.lives(node);
    }
  }

  /** Null where there is none here. */
  @Nullable Channel channel(String id) {
    return channels.get(id);
  }

  /** A channel that other nodes have made, as they know it. */
  Channel made(String id, Snapshot snapshot) {
    Channel channel = new Channel(this, id, Secrets.ofText(snapshot.passwordHash()));
    new Replica(channel).begin(snapshot);
    return channel;
  }

  /**
   * From now on this one is found, however many there are: for other nodes it is there already.
   * Gives that which was found before, null where none was.
   */
  @Nullable Channel put(Channel channel) {
    Channel before = channels.put(channel.id(), channel);
    if (before == null) {
      channelCount.incrementAndGet();
    }
    return before;
  }

  void memberAdded() {
    memberCount.incrementAndGet();
  }

  void memberRemoved() {
    memberCount.decrementAndGet();
  }

  Tally open() {
    return open;
  }

  /** Forgets a retired channel; not its successor. */
  void remove(Channel channel) {
    if (channels.remove(channel.id(), channel)) {
      channelCount.decrementAndGet();
    }
  }
}
