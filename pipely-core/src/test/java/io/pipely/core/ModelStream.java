package io.pipely.core;

import io.pipely.Batch;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection of a member: what it has to be handed, and how far it has come. All events from
 * the cursor on that are for it, in order and each once; ahead of them the member list, and GAP or
 * what was asked for of the past.
 */
final class ModelStream {

  private static final int BATCH_BYTES = 64 * 1024;

  /** What has to come when a held batch is completed. */
  enum Expected {
    NOT_KNOWN,
    GAP,
    EVENTS
  }

  private final Model model;
  final ModelLife life;
  final ModelMember member;
  final Recorder recorder;
  final boolean isPresenceWanted;
  Membership membership;
  EndReason end;
  long lastDelivery;

  /** The member list as of the join. */
  private final List<String> listAtJoin;

  private boolean isGreeted;

  /** The number whose id the first frame with one has; -1 where neither of the first has one. */
  private int greetingNumber = -1;

  /** Null where nothing was missed. */
  private String gap;

  /** What was asked for of the past, and is still to come. */
  private List<ModelEvent> history = new ArrayList<>();

  /** The number of the next event that may have to come. */
  private int cursor;

  /** The number that the client would go on from. */
  private int told;

  /** The id that the client would go on from; null where it has none. */
  String lastId;

  Expected expected = Expected.NOT_KNOWN;

  /** The size of the batch that is expected; 0 where it is free. */
  private int expectedSize;

  /** Of a member that is in the list already, its CONNECT in the log. */
  ModelStream(Model model, ModelMember member, Join join, int newest, Recorder recorder) {
    this.model = model;
    this.life = member.life;
    this.member = member;
    this.recorder = recorder;
    this.isPresenceWanted = join.isPresenceWanted();
    this.lastDelivery = model.ticker.getAsLong();
    this.listAtJoin = list(life.ids());
    this.told = newest;
    if (join.lastEventId() == null) {
      greetingNumber = newest;
      history = life.history(join.history(), newest, member);
    } else {
      gap = life.gapAfter(join.lastEventId(), newest);
      if (gap == null) {
        told = (int) ModelLife.number(join.lastEventId());
        lastId = join.lastEventId();
      } else {
        greetingNumber = newest;
      }
    }
    cursor = told + 1;
    model.note(gap != null ? "GAP " + gap : join.lastEventId() != null ? "resumed" : "fresh");
    if (join.lastEventId() != null && gap == null && next() != null) {
      model.note("replay");
    }
    if (!history.isEmpty()) {
      model.note("history");
    }
  }

  private List<String> list(List<String> ids) {
    return isPresenceWanted ? ids : List.of(member.clientId);
  }

  private boolean isForThis(ModelEvent event) {
    return event.isFor(member, isPresenceWanted);
  }

  /** What has to come next; null where nothing has. */
  private ModelEvent next() {
    if (!history.isEmpty()) {
      return history.get(0);
    }
    while (cursor <= life.newest() && !isForThis(life.event(cursor))) {
      cursor++;
    }
    return cursor > life.newest() ? null : life.event(cursor);
  }

  /** To be called right before a held delivery is completed from outside of any call. */
  void expectNext() {
    ModelEvent next = next();
    if (end != null || next == null) {
      return;
    }
    expectedSize = 0;
    if (next.number < life.first) {
      expected = Expected.GAP;
    } else if (!mayBeBehind()) {
      expected = Expected.EVENTS;
      expectedSize = history.isEmpty() ? sizeOfPlainBatch(next.number) : 0;
    }
  }

  /** Whether something has been let go of from where the client would go on. */
  private boolean mayBeBehind() {
    ModelEvent next = next();
    return told + 1 < life.first || (next != null && next.number < life.first);
  }

  /** How many events make up one batch; 0 where they are not all for everybody. */
  private int sizeOfPlainBatch(int number) {
    long bytes = 0;
    int n = number;
    while (n <= life.newest()) {
      if (!life.event(n).isForAll() || !isForThis(life.event(n))) {
        return 0;
      }
      bytes += life.event(n).weight;
      if (bytes > BATCH_BYTES && n > number) {
        return n - number;
      }
      n++;
    }
    return n - number;
  }

  void judge(Batch batch) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.add(batch.event(i));
      require(batch.event(i).channelId().equals(life.id), "event of another channel", batch);
    }
    require(end == null, "a delivery after the end", batch);
    if (events.isEmpty()) {
      signOfLife(batch);
    } else if (!isGreeted) {
      isGreeted = true;
      follow(greet(events, batch), batch);
    } else if (events.get(0).type().equals("CLIENT_LIST")) {
      gap(events, batch);
    } else {
      require(expected != Expected.GAP, "no GAP, though behind", batch);
      require(expectedSize == 0 || expectedSize == events.size(), "not " + expectedSize, batch);
      follow(events, batch);
    }
    if (batch.id() != null) {
      lastId = batch.id();
    }
    expected = Expected.NOT_KNOWN;
    expectedSize = 0;
    lastDelivery = model.ticker.getAsLong();
  }

  private void signOfLife(Batch batch) {
    require(isGreeted, "nothing first", batch);
    if (batch.id() == null) {
      model.note("heartbeat");
      long silence = model.ticker.getAsLong() - lastDelivery;
      require(silence >= model.options.heartbeat().toNanos(), "a heartbeat too soon", batch);
      require(told >= life.newestAtSweep, "a heartbeat without an id at " + told, batch);
      return;
    }
    model.note("id alone");
    int number = (int) ModelLife.number(batch.id());
    require(life.isId(batch.id(), number), "an id of another life", batch);
    require(number > told && number <= life.newest(), "an id of no use at " + told, batch);
    ModelEvent next = next();
    require(next == null || next.number > number, "an id beyond " + next, batch);
    told = number;
  }

  /** What follows the greeting. */
  private List<Event> greet(List<Event> events, Batch batch) {
    requireList(events.get(0), listAtJoin, batch);
    if (gap == null) {
      requireId(events.get(0), greetingNumber, batch);
      return events.subList(1, events.size());
    }
    requireId(events.get(0), -1, batch);
    requireGap(events, gap, greetingNumber, batch);
    return events.subList(Math.min(2, events.size()), events.size());
  }

  private void gap(List<Event> events, Batch batch) {
    model.note("GAP");
    require(expected != Expected.EVENTS && mayBeBehind(), "GAP without need", batch);
    require(events.size() == 2, "not CLIENT_LIST and GAP alone", batch);
    String id = events.get(events.size() - 1).id();
    int number = id == null ? life.newest() : (int) ModelLife.number(id);
    require(number >= told && number <= life.newest(), "a GAP to " + number, batch);
    if (!model.isDraining) { // Else some have been ended, of whom nobody is told.
      requireList(events.get(0), list(life.event(number).roster), batch);
    }
    requireId(events.get(0), -1, batch);
    requireGap(events, "evicted", number, batch);
    history.clear();
    cursor = number + 1;
    told = number;
  }

  private void requireList(Event event, List<String> ids, Batch batch) {
    String expectedList =
        "CLIENT_LIST server ["
            + String.join(",", ids.stream().map(id -> '"' + id + '"').toList())
            + "]";
    require(Recorder.text(event).equals(expectedList), "not " + expectedList, batch);
  }

  private void requireGap(List<Event> events, String reason, int number, Batch batch) {
    String expectedGap = "GAP server {\"reason\":\"" + reason + "\"}";
    if (events.size() < 2 || !Recorder.text(events.get(1)).equals(expectedGap)) {
      require(false, "not " + expectedGap, batch);
    } else {
      requireId(events.get(1), number, batch);
    }
  }

  private void requireId(Event event, int number, Batch batch) {
    boolean isRight = number < 0 ? event.id() == null : life.isId(event.id(), number);
    require(isRight, "not with the id of " + number + ": " + event.id(), batch);
  }

  private void follow(List<Event> events, Batch batch) {
    long bytes = 0;
    for (Event event : events) {
      ModelEvent next = next();
      boolean isNext =
          next != null && Recorder.text(event).equals(next.text) && event.to().equals(next.to);
      if (!isNext) {
        require(false, "not " + next + " but " + event.id(), batch);
        return;
      }
      requireId(event, next.number, batch);
      if (next.only != null) {
        model.note("directed");
      }
      bytes += next.weight;
      told = next.number;
      if (history.isEmpty()) {
        cursor = next.number + 1;
      } else {
        history.remove(0);
      }
    }
    require(bytes <= BATCH_BYTES || events.size() == 1, "a batch of " + bytes, batch);
  }

  /** Everything is quiet: what is at rest must have everything that it is to have. */
  void judgeQuiet() {
    if (end == null && !recorder.isPending()) {
      require(isGreeted, "not greeted", Batch.EMPTY);
      require(next() == null, "at rest ahead of " + next(), Batch.EMPTY);
      require(told + 1 >= life.first, "at rest to a false GAP: " + told, Batch.EMPTY);
    }
    List<EndReason> ends = end == null ? List.of() : List.of(end);
    require(recorder.ends().equals(ends), "not ended with " + ends, Batch.EMPTY);
    model.faults.addAll(recorder.breaches());
  }

  /** Everybody has been waited for. */
  void judgeDrained() {
    if (end == null) {
      require(isGreeted && next() == null, "ended ahead of " + next(), Batch.EMPTY);
      require(recorder.ends().equals(List.of(EndReason.CLOSED)), "not ended", Batch.EMPTY);
    }
  }

  private void require(boolean isTrue, String otherwise, Batch batch) {
    if (!isTrue) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        texts.add(batch.event(i).id() + " " + Model.shortened(Recorder.text(batch.event(i))));
      }
      model.faults.add(this + ": " + otherwise + ", in " + texts + " " + batch.id());
    }
  }

  @Override
  public String toString() {
    return member + (end == null ? "" : ", " + end) + (isPresenceWanted ? "" : ", no presence");
  }
}
