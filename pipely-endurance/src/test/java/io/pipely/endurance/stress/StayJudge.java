package io.pipely.endurance.stress;

import io.pipely.contract.EventId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Judges one stream by what is known of its channel's life: it has to have everything that it may
 * see from where it begins to where it ends, in order and each once, and nothing else.
 */
final class StayJudge {

  private static final Pattern ID = Pattern.compile("[0-9a-z]{1,32}-(0|[1-9][0-9]{0,17})");

  /** Whether an event is for the stream; either, where it was cut too early to tell. */
  private enum For {
    IT,
    OTHERS,
    EITHER
  }

  private final Stay stay;
  private final Life life;
  private final int keepBytes;
  private final Faults faults;
  private final Tally tally;
  private final List<Item> items;

  /** Who is there by what this stream was told. */
  private final Set<String> view = new LinkedHashSet<>();

  private Optional<List<String>> lastView = Optional.empty();

  /** How far it has got. */
  private long position;

  /** The number that its client would go on from: less than the position after history. */
  private long told;

  /** The number of its member's CONNECT; 0 where it is not known. */
  private long connect;

  StayJudge(Stay stay, List<Item> items, Life life, int keepBytes, Faults faults, Tally tally) {
    this.stay = stay;
    this.items = items;
    this.life = life;
    this.keepBytes = keepBytes;
    this.faults = faults;
    this.tally = tally;
  }

  /**
   * The members, in order of joining, as of the round's last event; empty where it has not come.
   */
  Optional<List<String>> lastView() {
    return lastView;
  }

  void judge() {
    int at = begin();
    for (int i = at; i < items.size(); i++) {
      Item item = items.get(i);
      if (item.is("CLIENT_LIST")) {
        boolean isFollowed = i + 1 < items.size();
        require(!isFollowed || items.get(i + 1).is("GAP"), "a list without GAP", item);
        take(item);
      } else if (item.is("GAP")) {
        require(items.get(i - 1).is("CLIENT_LIST"), "GAP without a list", item);
        require("evicted".equals(reason(item)), "not evicted", item);
        gap(position, item);
        requireList(items.get(i - 1), item.number());
        tally.count("GAP on a stream");
      } else if (item.is("REPLACED")) {
        require(i == items.size() - 1 && item.id().isEmpty(), "REPLACED", item);
      } else {
        moveOn(item);
      }
    }
  }

  /** The list, and what comes ahead of the first event after it; gives where that is. */
  private int begin() {
    Item list = items.get(0);
    require(list.is("CLIENT_LIST"), "no list first", list);
    take(list);
    int at = 1;
    if (stay.lastEventId().isEmpty()) {
      goOnFrom(list.number());
      connect = connect(position + 1);
      requireList(list, connect == position + 1 ? position + 1 : position);
      return afterHistory(at);
    }
    require(list.id().isEmpty(), "a list with an id", list);
    if (at < items.size() && items.get(at).is("GAP")) {
      Item gap = items.get(at);
      gapAtFirst(gap);
      connect = connect(position + 1);
      requireList(list, connect == position + 1 ? position + 1 : position);
      return at + 1;
    }
    if (at < items.size()) {
      EventId last = lastEventId();
      require(last != null && isOfLife(last), "no GAP after " + last, list);
      goOnFrom(last == null ? 0 : last.number());
      connect = connectAfterReturn();
      requireAnyList(list);
      tally.count("resumed");
    }
    return at;
  }

  /** Null where what was given is none. */
  private EventId lastEventId() {
    String given = stay.lastEventId();
    return ID.matcher(given).matches() ? EventId.parse(given) : null;
  }

  private boolean isOfLife(EventId id) {
    return life.epoch().equals(id.epoch());
  }

  private void gapAtFirst(Item gap) {
    EventId last = lastEventId();
    String reason = reason(gap);
    tally.count("GAP " + reason);
    if (last == null || (isOfLife(last) && last.number() > gap.number())) {
      require("invalid".equals(reason), "not invalid: " + last, gap);
      goOnFrom(gap.number());
    } else if (!isOfLife(last)) {
      require("epoch".equals(reason), "not of another epoch: " + last, gap);
      goOnFrom(gap.number());
    } else {
      require("evicted".equals(reason), "not evicted: " + last, gap);
      gap(last.number(), gap);
    }
  }

  /** What is left out must be more than what is kept. */
  private void gap(long from, Item gap) {
    long weight = life.weight(from + 1, gap.number());
    require(weight > keepBytes, "nothing was lost: after " + from + " only " + weight, gap);
    goOnFrom(gap.number());
  }

  private void goOnFrom(long number) {
    position = number;
    told = number;
  }

  private static String reason(Item gap) {
    return gap.fact().orElseThrow().payload().path("reason").textValue();
  }

  private long connect(long upTo) {
    return life.lastConnect(stay.clientId(), upTo);
  }

  /** Its own, where the stream has it; else the one before, unless it was cut ahead of its own. */
  private long connectAfterReturn() {
    long end = position;
    boolean isNew = false;
    for (Item item : items) {
      if (item.isOfLog()) {
        end = item.number();
        boolean isOwn = item.fact().orElseThrow().origin().equals(stay.clientId());
        isNew |= isOwn && item.is("DISCONNECT");
      }
    }
    long own = connect(end);
    if (own > position) {
      return own;
    }
    if (isNew) {
      return end + 1;
    }
    return life.isConnectedAfter(stay.clientId(), end) ? 0 : own;
  }

  /** The newest published events that it may see and that are kept, up to as many as asked for. */
  private int afterHistory(int from) {
    List<Long> got = new ArrayList<>();
    int at = from;
    while (at < items.size() && items.get(at).isOfLog() && items.get(at).number() <= position) {
      got.add(items.get(at).number());
      at++;
    }
    boolean isWhole = at < items.size() && items.get(at).isOfLog();
    if (got.isEmpty() && !isWhole) {
      return at; // Cut ahead of it.
    }
    if (!got.isEmpty()) {
      told = got.get(got.size() - 1);
      tally.count("history");
    }
    List<Long> expected = new ArrayList<>();
    long n = position;
    for (; n > 0 && expected.size() < stay.history(); n--) {
      boolean isPublished = life.published(n).isPresent();
      if (isPublished && isFor(n) == For.EITHER) {
        return at;
      }
      if (isPublished && isFor(n) == For.IT) {
        expected.add(0, n);
      }
    }
    // Some may be forgotten; and those at the end are missing where it was cut.
    while (!expected.isEmpty()
        && !got.contains(expected.get(0))
        && life.weight(expected.get(0), position) > keepBytes) {
      expected.remove(0);
    }
    boolean isRight =
        isWhole
            ? expected.equals(got)
            : got.size() <= expected.size() && expected.subList(0, got.size()).equals(got);
    if (!isRight && life.isKnown(position)) {
      faults.add(this + ": history " + got + " instead of " + expected);
    }
    return at;
  }

  private void moveOn(Item item) {
    long number = item.number();
    for (long n = position + 1; n < number; n++) {
      passOver(n, item);
    }
    if (item.fact().isEmpty()) {
      require(number >= position && number > told, "of no use after " + told, item);
      if (number > position) {
        passOver(number, item);
      }
    } else {
      require(number > position, "not after " + position, item);
      require(isFor(number) != For.OTHERS, "not for it, which has joined by " + connect, item);
      take(item);
    }
    goOnFrom(Math.max(position, number));
  }

  private void passOver(long number, Item before) {
    if (life.fact(number).isPresent() || life.published(number).isPresent()) {
      require(isFor(number) != For.IT, "without " + number + " ahead of it", before);
    } else if (stay.isPresenceWanted()) {
      life.passedOverUnknown(number);
    }
  }

  private For isFor(long number) {
    Optional<Sent> published = life.published(number);
    return published.isPresent()
        ? isFor(published.get(), number)
        : isFor(life.fact(number).orElseThrow(), number);
  }

  private For isFor(Fact presence, long number) {
    boolean isOwn = presence.is("CONNECT") && presence.origin().equals(stay.clientId());
    if (stay.isPresenceWanted()) {
      return For.IT;
    }
    if (isOwn && connect == 0) {
      return For.EITHER;
    }
    return isOwn && number == connect ? For.IT : For.OTHERS;
  }

  private For isFor(Sent published, long number) {
    String id = stay.clientId();
    boolean isTo = published.to.contains(id);
    if (!published.to.isEmpty() && !isTo) {
      return For.OTHERS;
    }
    boolean isOwn = !published.isEcho && published.origin.equals(id);
    if (!isTo && !isOwn) {
      return For.IT;
    }
    if (connect == 0) {
      return For.EITHER;
    }
    boolean wasMember = number > connect;
    return isTo ? of(wasMember && !isOwn) : of(!wasMember);
  }

  private static For of(boolean isForIt) {
    return isForIt ? For.IT : For.OTHERS;
  }

  private void take(Item item) {
    Fact fact = item.fact().orElseThrow();
    require(fact.channelId().equals(stay.room().channelId()), "another channel", item);
    fact.applyTo(view);
    if (item.isLast()) {
      lastView = Optional.of(List.copyOf(view));
    }
  }

  /** The list has to be right as of a number. */
  private void requireList(Item list, long number) {
    if (life.isKnown(number)) {
      tally.count("list checked");
      List<String> members = expected(life.membersAt(number));
      require(list.fact().orElseThrow().ids().equals(members), "instead of " + members, list);
    }
  }

  /** The list has to be right as of any number from where the stream begins. */
  private void requireAnyList(Item list) {
    List<String> ids = list.fact().orElseThrow().ids();
    if (!life.isKnown(life.newest())) {
      return;
    }
    tally.count("list checked after a return");
    for (long n = position; n <= life.newest(); n++) {
      if (ids.equals(expected(life.membersAt(n)))) {
        return;
      }
    }
    require(false, "never right after " + position, list);
  }

  private List<String> expected(List<String> members) {
    return stay.isPresenceWanted() ? members : List.of(stay.clientId());
  }

  private void require(boolean isTrue, String otherwise, Item item) {
    faults.unless(isTrue, () -> this + ": " + otherwise + ": " + shortened(item));
  }

  private static String shortened(Item item) {
    String text = item.id() + " " + item.fact().map(Fact::text).orElse("");
    return text.length() < 300 ? text : text.substring(0, 300) + "...";
  }

  @Override
  public String toString() {
    return stay + " (" + life + ")";
  }
}
