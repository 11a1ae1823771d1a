package io.pipely.core;

import io.pipely.EndReason;
import io.pipely.Join;
import io.pipely.Publication;
import io.pipely.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of channels in the plainest form: maps and lists, one thread, everything kept. It is
 * told of each operation ahead of the hub, says what the hub has to answer, and its streams judge
 * each batch that a subscriber is handed. What is wrong is noted, not thrown, since a hub takes an
 * exception of a subscriber as that subscriber's failure.
 */
final class Model {

  private static final long TAKEOVER_NANOS = 10_000_000_000L;

  /** A refusal, and which of several events it is for: -1 where it is for all. */
  record Refused(Refusal why, int index) {}

  /** How many members each event is for, and where in the log they are. */
  record Published(ModelLife life, int firstNumber, List<Integer> recipients) {}

  final Options options;
  final ManualTicker ticker;
  final Map<String, ModelLife> lives = new TreeMap<>();

  /** All streams there ever were. */
  final List<ModelStream> everyone = new ArrayList<>();

  /** Who was lost, in order, and may have come back. */
  private final List<ModelMember> lost = new ArrayList<>();

  final Set<String> epochs = new HashSet<>();
  final List<String> faults = new ArrayList<>();
  final Map<String, Integer> reached = new HashMap<>();
  boolean isDraining;
  boolean isClosed;

  Model(Options options, ManualTicker ticker) {
    this.options = options;
    this.ticker = ticker;
  }

  void note(String what) {
    reached.merge(what, 1, Integer::sum);
  }

  static String fold(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  static String shortened(String text) {
    return text.length() < 80 ? text : text.substring(0, 80) + "...";
  }

  /** Null where there is none. */
  ModelMember member(String channelId, String clientId) {
    ModelLife life = lives.get(channelId);
    return life == null ? null : life.members.get(fold(clientId));
  }

  private static Refusal refusalOfClientId(String channelId, String clientId) {
    if (channelId.length() != 12) {
      return Refusal.CHANNEL_ID_LENGTH;
    }
    if (clientId.length() < 3) {
      return Refusal.CLIENT_ID_TOO_SHORT;
    }
    return fold(clientId).equals("server") ? Refusal.CLIENT_ID_RESERVED : null;
  }

  /** Null where the join has to be granted. */
  Refusal refusal(Join join) {
    String password = join.credentials().password();
    String token = join.credentials().token();
    Refusal ofIds = refusalOfClientId(join.channelId(), join.clientId());
    if (ofIds != null) {
      return ofIds;
    }
    if (token != null && !token.matches("[A-Za-z0-9._-]{16,128}")) {
      return Refusal.INVALID_TOKEN;
    }
    if (isClosed) {
      return Refusal.SHUTTING_DOWN;
    }
    ModelLife life = lives.get(join.channelId());
    if (life == null) {
      if (password != null && password.startsWith(" ")) {
        return Refusal.INVALID_PASSWORD;
      }
      return lives.size() == options.maxChannels() ? Refusal.TOO_MANY_CHANNELS : null;
    }
    if (life.password != null && !life.password.equals(password)) {
      return Refusal.WRONG_PASSWORD;
    }
    ModelMember member = member(join.channelId(), join.clientId());
    if (member != null) {
      return refusalToComeBack(member, token);
    }
    return life.members.size() == options.maxMembers() ? Refusal.CHANNEL_FULL : null;
  }

  private Refusal refusalToComeBack(ModelMember member, String token) {
    if (member.token == null || !member.token.equals(token)) {
      return Refusal.CLIENT_ID_TAKEN;
    }
    long now = ticker.getAsLong();
    long recent = member.takeovers.stream().filter(time -> now - time < TAKEOVER_NANOS).count();
    return !member.isLost() && recent >= 2 ? Refusal.TOKEN_IN_USE : null;
  }

  /** A join that is granted. */
  ModelStream add(Join join, Recorder recorder) {
    String password = join.credentials().password();
    ModelLife life =
        lives.computeIfAbsent(join.channelId(), id -> new ModelLife(this, id, password));
    int newest = life.newest();
    ModelMember member = member(join.channelId(), join.clientId());
    if (member == null) {
      member = new ModelMember(life, join.clientId(), join.credentials().token());
      life.members.put(fold(join.clientId()), member);
      life.append(ModelEvent.ofPresence(life, "CONNECT", member, ticker.getAsLong()));
    } else if (member.isLost()) {
      note("return");
    } else {
      note("takeover");
      member.takeovers.add(ticker.getAsLong());
      member.stream.end = EndReason.REPLACED;
    }
    member.stream = new ModelStream(this, member, join, newest, recorder);
    everyone.add(member.stream);
    return member.stream;
  }

  /** The subscriber leaves; nothing where it has ended. */
  void leave(ModelStream stream) {
    if (stream.end == null) {
      stream.end = EndReason.LEFT;
      end(stream.member);
    }
  }

  /** The connection is lost; nothing where it has ended. */
  void lose(ModelStream stream) {
    if (stream.end != null) {
      return;
    }
    stream.end = EndReason.LOST;
    ModelMember member = stream.member;
    if (member.token == null || options.grace().isZero()) {
      end(member);
    } else {
      long now = ticker.getAsLong();
      if (!lost.contains(member) || member.lostAt != now) { // Else its time runs already.
        lost.remove(member);
        lost.add(member);
      }
      member.stream = null;
      member.lostAt = now;
    }
  }

  /** The refusal, or the member that leaves. */
  Object leave(String channelId, String clientId, String token) {
    Refusal ofIds = refusalOfClientId(channelId, clientId);
    if (ofIds != null) {
      return ofIds;
    }
    if (isClosed) {
      return Refusal.SHUTTING_DOWN;
    }
    if (!lives.containsKey(channelId)) {
      return Refusal.NO_SUCH_CHANNEL;
    }
    ModelMember member = member(channelId, clientId);
    if (member == null) {
      return Refusal.NO_SUCH_CLIENT;
    }
    if (member.token == null || !member.token.equals(token)) {
      return Refusal.CLIENT_OF_ANOTHER;
    }
    if (!member.isLost()) {
      member.stream.end = EndReason.LEFT;
    }
    end(member);
    return member;
  }

  /** The membership is over. */
  private void end(ModelMember member) {
    ModelLife life = member.life;
    lost.remove(member);
    life.members.values().remove(member);
    if (life.members.isEmpty()) {
      lives.remove(life.id);
    } else {
      life.append(ModelEvent.ofPresence(life, "DISCONNECT", member, ticker.getAsLong()));
    }
  }

  /** The members in grace, who was lost first comes first. */
  List<ModelMember> inGrace() {
    return lost.stream().filter(ModelMember::isLost).toList();
  }

  /** Those whose grace has run out. */
  List<ModelMember> overdue() {
    long now = ticker.getAsLong();
    return inGrace().stream().filter(m -> now - m.lostAt >= options.grace().toNanos()).toList();
  }

  void endGraces() {
    overdue().forEach(this::end);
  }

  /** A {@link Refused}, or what was {@link Published}. */
  Object publish(List<Publication> publications) {
    if (publications.isEmpty() || publications.size() > 64) {
      return new Refused(Refusal.EVENT_COUNT, -1);
    }
    String channelId = publications.get(0).channelId();
    for (int i = 0; i < publications.size(); i++) {
      Refusal why = refusalOfFields(publications.get(i));
      if (why == null && !publications.get(i).channelId().equals(channelId)) {
        why = Refusal.SEVERAL_CHANNELS;
      }
      if (why == null && isClosed) {
        why = Refusal.SHUTTING_DOWN;
      }
      if (why != null) {
        return new Refused(why, i);
      }
    }
    ModelLife life = lives.get(channelId);
    if (life == null) {
      return new Refused(Refusal.NO_SUCH_CHANNEL, -1);
    }
    for (int i = 0; i < publications.size(); i++) {
      Refusal why = refusal(life, publications.get(i));
      if (why != null) {
        return new Refused(why, i);
      }
    }
    int firstNumber = life.newest() + 1;
    return new Published(
        life, firstNumber, publications.stream().map(p -> append(life, p)).toList());
  }

  private static Refusal refusalOfFields(Publication publication) {
    if (publication.channelId().length() != 12) {
      return Refusal.CHANNEL_ID_LENGTH;
    }
    if (publication.type().isEmpty()) {
      return Refusal.TYPE_MISSING;
    }
    if (List.of("CONNECT", "DISCONNECT", "CLIENT_LIST", "GAP", "REPLACED")
        .contains(publication.type())) {
      return Refusal.TYPE_RESERVED;
    }
    if (publication.originId().length() < 3) {
      return Refusal.ORIGIN_ID_TOO_SHORT;
    }
    boolean isForNobody = publication.to() != null && publication.to().isEmpty();
    return isForNobody ? Refusal.NO_RECIPIENT : null;
  }

  private Refusal refusal(ModelLife life, Publication publication) {
    if (publication.caller() != null) {
      Refusal why = refusalToSpeak(life, publication);
      if (why != null) {
        return why;
      }
    }
    boolean isForNobody = publication.to() != null && recipients(life, publication).isEmpty();
    return isForNobody ? Refusal.NO_SUCH_CLIENT : null;
  }

  private Refusal refusalToSpeak(ModelLife life, Publication publication) {
    ModelMember publisher = life.members.get(fold(publication.originId()));
    boolean isServer = fold(publication.originId()).equals("server");
    if (life.password != null && !life.password.equals(publication.credentials().password())) {
      return Refusal.WRONG_PASSWORD;
    }
    if (publisher != null
        && publisher.token != null
        && !publisher.token.equals(publication.credentials().token())) {
      return Refusal.ORIGIN_OF_ANOTHER;
    }
    return options.isStrictOrigins() && publisher == null && !isServer
        ? Refusal.ORIGIN_NOT_A_MEMBER
        : null;
  }

  /** The addressed members. */
  private static Set<ModelMember> recipients(ModelLife life, Publication publication) {
    Set<ModelMember> recipients = new LinkedHashSet<>();
    for (String id : publication.to()) {
      ModelMember member = life.members.get(fold(id));
      if (member != null) {
        recipients.add(member);
      }
    }
    return recipients;
  }

  /** How many it is for. */
  private int append(ModelLife life, Publication publication) {
    String text = publication.type() + " " + publication.originId() + " " + publication.payload();
    ModelMember except =
        publication.isEcho() ? null : life.members.get(fold(publication.originId()));
    Set<ModelMember> only = publication.to() == null ? null : recipients(life, publication);
    List<String> to = only == null ? List.of() : only.stream().map(m -> m.clientId).toList();
    life.append(ModelEvent.published(life, text, only, except, to, ticker.getAsLong()));
    Set<ModelMember> all = new HashSet<>(only == null ? life.members.values() : only);
    all.remove(except);
    return all.size();
  }

  /** The refusal, or null: for the application. */
  Refusal look(String channelId) {
    if (isClosed) {
      return Refusal.SHUTTING_DOWN;
    }
    return lives.containsKey(channelId) ? null : Refusal.NO_SUCH_CHANNEL;
  }

  /** The refusal, or null: for somebody with this password. */
  Refusal look(String channelId, String password) {
    Refusal why = look(channelId);
    if (why != null) {
      return why;
    }
    ModelLife life = lives.get(channelId);
    boolean mayLook = life.password == null || life.password.equals(password);
    return mayLook ? null : Refusal.WRONG_PASSWORD;
  }

  void forget() {
    long oldest = ticker.getAsLong() - options.keepTime().toNanos();
    lives.values().forEach(life -> life.forgetBefore(oldest));
  }

  void close() {
    isClosed = true;
    for (ModelStream stream : everyone) {
      if (stream.end == null) {
        stream.end = EndReason.CLOSED;
      }
    }
    lives.clear();
    lost.clear();
  }

  void judgeQuiet() {
    everyone.forEach(ModelStream::judgeQuiet);
  }

  int clients() {
    return lives.values().stream().mapToInt(life -> life.members.size()).sum();
  }
}
