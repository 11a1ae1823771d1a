package io.pipely.core;

import io.pipely.Batch;
import io.pipely.EndReason;
import io.pipely.Membership;
import io.pipely.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rules of channels in the plainest form: maps and lists, one thread, everything kept. It is
 * told of each operation ahead of the hub, says what the hub has to answer, and judges each batch
 * that a member is handed. What is wrong is noted, not thrown, since a hub takes an exception of a
 * subscriber as that subscriber's failure.
 */
final class Model {

  static final int BATCH_BYTES = 64 * 1024;
  private static final int UNKNOWN = -1;

  final Options options;
  final ManualTicker ticker;
  final Map<String, Life> lives = new TreeMap<>();
  final List<Member> everyone = new ArrayList<>();
  final List<String> faults = new ArrayList<>();
  boolean isClosed;

  Model(Options options, ManualTicker ticker) {
    this.options = options;
    this.ticker = ticker;
  }

  /** One life of a channel. All lists have one entry for each event, and are never shortened. */
  final class Life {
    final String id;
    final String password;
    final Map<String, Member> members = new LinkedHashMap<>();
    final List<String> log = new ArrayList<>();
    final List<Integer> weights = new ArrayList<>();
    final List<Long> times = new ArrayList<>();

    /** Who was there ahead of each event, and now. */
    final List<List<String>> rosters = new ArrayList<>(List.of(List.of()));

    int first;
    private long kept;

    Life(String id, String password) {
      this.id = id;
      this.password = password;
    }

    int next() {
      return log.size();
    }

    List<String> ids() {
      return members.values().stream().map(member -> member.clientId).toList();
    }

    void append(String type, String originId, String payload) {
      log.add(type + " " + originId + " " + payload);
      weights.add(128 + id.length() + type.length() + originId.length() + payload.length());
      times.add(ticker.getAsLong());
      rosters.add(ids());
      kept += weights.get(next() - 1);
      while (kept > options.keepBytes() && first < next() - 1) {
        kept -= weights.get(first++);
      }
    }

    void forget() {
      long oldest = ticker.getAsLong() - options.keepTime().toNanos();
      while (first < next() && times.get(first) - oldest < 0) {
        kept -= weights.get(first++);
      }
    }

    /** How many events from a place on make up one batch. */
    int batchFrom(int place) {
      int to = place + 1;
      long bytes = weights.get(place);
      while (to < next() && bytes + weights.get(to) <= BATCH_BYTES) {
        bytes += weights.get(to);
        to++;
      }
      return to - place;
    }
  }

  /** One member, and how far it has come. */
  final class Member {
    final Life life;
    final String clientId;
    final Recorder recorder;
    List<String> listAtJoin = List.of();
    Membership membership;
    boolean isGreeted;
    EndReason end;
    long lastDelivery = ticker.getAsLong();

    /**
     * The number of the next event: one, or after a GAP all those that agree with the list that
     * came with it, until the events that follow leave only one.
     */
    Set<Integer> cursors;

    /** What the next batch must be, where that is known: its size, or 0 for CLIENT_LIST and GAP. */
    int expected = UNKNOWN;

    Member(Life life, String clientId, Recorder recorder, int cursor) {
      this.life = life;
      this.clientId = clientId;
      this.recorder = recorder;
      this.cursors = Set.of(cursor);
    }

    /** To be called right before a held delivery is completed from outside of any call. */
    void expectNext() {
      int cursor = cursors.size() == 1 ? cursors.iterator().next() : life.next();
      if (end == null && cursor < life.next()) {
        expected = cursor < life.first ? 0 : life.batchFrom(cursor);
      }
    }

    void judge(Batch batch) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        texts.add(Recorder.text(batch.event(i)));
        require(batch.event(i).channelId().equals(life.id), "event of another channel", texts);
      }
      require(end == null, "a delivery after the end", texts);
      if (texts.isEmpty()) {
        long silence = ticker.getAsLong() - lastDelivery;
        require(silence >= options.heartbeat().toNanos(), "a heartbeat too soon", texts);
      } else if (!isGreeted) {
        isGreeted = true;
        require(texts.get(0).equals(clientList(listAtJoin)), "not this list first", texts);
        require(
            texts.size() > 1 && texts.get(1).equals("CONNECT " + clientId + " null"), "", texts);
        follow(texts.subList(1, texts.size()));
      } else if (texts.get(0).startsWith("CLIENT_LIST ")) {
        gap(texts);
      } else {
        follow(texts);
      }
      expected = UNKNOWN;
      lastDelivery = ticker.getAsLong();
    }

    private void gap(List<String> texts) {
      require(expected <= 0, "GAP without need", texts);
      require(cursors.stream().anyMatch(n -> n < life.first), "GAP without need", texts);
      require(
          texts.size() == 2 && texts.get(1).equals("GAP server {\"reason\":\"evicted\"}"),
          "not CLIENT_LIST and GAP alone",
          texts);
      List<String> list = parseList(texts.get(0));
      int from = Collections.min(cursors);
      cursors =
          IntStream.rangeClosed(from, life.next())
              .filter(n -> life.rosters.get(n).equals(list))
              .boxed()
              .collect(Collectors.toSet());
      require(!cursors.isEmpty(), "a list that was never true", texts);
    }

    private void follow(List<String> texts) {
      require(expected != 0, "no GAP, though behind", texts);
      require(expected == UNKNOWN || expected == texts.size(), "not " + expected, texts);
      Set<Integer> next =
          cursors.stream()
              .filter(from -> isNext(from, texts))
              .map(from -> from + texts.size())
              .collect(Collectors.toSet());
      require(!next.isEmpty(), "not what follows " + cursors, texts);
      cursors = next;
    }

    private boolean isNext(int from, List<String> texts) {
      int to = from + texts.size();
      return to <= life.next()
          && life.log.subList(from, to).equals(texts)
          && texts.size() <= life.batchFrom(from);
    }

    /** Everything is quiet: this member must have everything that it is to have. */
    void judgeQuiet() {
      if (end == null && !recorder.isPending()) {
        boolean isThrough = cursors.contains(life.next());
        require(isThrough, "at rest at " + cursors + " of " + life.next(), List.of());
      }
      List<EndReason> ends = end == null ? List.of() : List.of(end);
      require(recorder.ends().equals(ends), "not ended with " + ends, List.of());
      faults.addAll(recorder.breaches());
    }

    private void require(boolean isTrue, String otherwise, List<String> texts) {
      if (!isTrue) {
        faults.add(this + ": " + otherwise + ": " + shortened(texts));
      }
    }

    @Override
    public String toString() {
      return clientId + " in " + life.id;
    }
  }

  private static List<String> shortened(List<String> texts) {
    return texts.stream().map(t -> t.length() < 80 ? t : t.substring(0, 80) + "...").toList();
  }

  private static String clientList(List<String> ids) {
    return "CLIENT_LIST server ["
        + String.join(",", ids.stream().map(id -> quoted(id)).toList())
        + "]";
  }

  private static String quoted(String id) {
    return '"' + id + '"';
  }

  private static List<String> parseList(String text) {
    String ids = text.substring(text.indexOf('[') + 1, text.lastIndexOf(']'));
    return List.of(ids.replace("\"", "").split(","));
  }

  /** Null where the join has to be granted. */
  Refusal join(String channelId, String clientId, String password) {
    if (channelId.length() != 12) {
      return Refusal.CHANNEL_ID_LENGTH;
    }
    if (clientId.length() < 3) {
      return Refusal.CLIENT_ID_TOO_SHORT;
    }
    if (clientId.equalsIgnoreCase("server")) {
      return Refusal.CLIENT_ID_RESERVED;
    }
    if (isClosed) {
      return Refusal.SHUTTING_DOWN;
    }
    Life life = lives.get(channelId);
    if (life == null) {
      if (password != null && password.startsWith(" ")) {
        return Refusal.INVALID_PASSWORD;
      }
      return lives.size() == options.maxChannels() ? Refusal.TOO_MANY_CHANNELS : null;
    }
    if (life.password != null && !life.password.equals(password)) {
      return Refusal.WRONG_PASSWORD;
    }
    if (life.members.containsKey(clientId.toLowerCase(Locale.ROOT))) {
      return Refusal.CLIENT_ID_TAKEN;
    }
    return life.members.size() == options.maxMembers() ? Refusal.CHANNEL_FULL : null;
  }

  /** A join that is granted. */
  Member add(String channelId, String clientId, String password, Recorder recorder) {
    String newPassword = "".equals(password) ? null : password;
    Life life = lives.computeIfAbsent(channelId, id -> new Life(id, newPassword));
    Member member = new Member(life, clientId, recorder, life.next());
    life.members.put(clientId.toLowerCase(Locale.ROOT), member);
    member.listAtJoin = life.ids();
    life.append("CONNECT", clientId, "null");
    everyone.add(member);
    return member;
  }

  void end(Member member, EndReason why) {
    if (member.end != null) {
      return;
    }
    member.end = why;
    Life life = member.life;
    life.members.values().remove(member);
    if (life.members.isEmpty()) {
      lives.remove(life.id);
    } else {
      life.append("DISCONNECT", member.clientId, "null");
    }
  }

  /** The refusal, or how many it is for. */
  Object publish(
      String channelId,
      String type,
      String originId,
      String password,
      String payload,
      boolean isTrusted) {
    if (channelId.length() != 12) {
      return Refusal.CHANNEL_ID_LENGTH;
    }
    if (type.isEmpty()) {
      return Refusal.TYPE_MISSING;
    }
    if (List.of("CONNECT", "DISCONNECT", "CLIENT_LIST", "GAP", "REPLACED").contains(type)) {
      return Refusal.TYPE_RESERVED;
    }
    if (originId.length() < 3) {
      return Refusal.ORIGIN_ID_TOO_SHORT;
    }
    if (isClosed) {
      return Refusal.SHUTTING_DOWN;
    }
    Life life = lives.get(channelId);
    if (life == null) {
      return Refusal.NO_SUCH_CHANNEL;
    }
    if (!isTrusted && life.password != null && !life.password.equals(password)) {
      return Refusal.WRONG_PASSWORD;
    }
    life.append(type, originId, payload);
    return life.members.size();
  }

  void forget() {
    lives.values().forEach(Life::forget);
  }

  void close() {
    isClosed = true;
    for (Member member : everyone) {
      if (member.end == null) {
        member.end = EndReason.CLOSED;
      }
    }
    lives.clear();
  }

  void judgeQuiet() {
    everyone.forEach(Member::judgeQuiet);
  }

  int clients() {
    return lives.values().stream().mapToInt(life -> life.members.size()).sum();
  }
}
