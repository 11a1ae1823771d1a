package io.pipely.core;

import io.pipely.Join;
import io.pipely.Payload;
import io.pipely.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Requests at random: mostly ones that are granted, and of each refusal some. */
final class ModelChoices {

  private static final String[] PASSWORDS = {null, null, null, "", "first", "second", " outer"};

  private final Random random;
  private final Model model;
  private final int channelIds;
  private final int clientIds;
  private final int maxPayload;
  private int published;

  ModelChoices(Random random, Model model, int channelIds, int clientIds, int maxPayload) {
    this.random = random;
    this.model = model;
    this.channelIds = channelIds;
    this.clientIds = clientIds;
    this.maxPayload = maxPayload;
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Null where there is none. */
  <T> T pick(List<T> choices) {
    return choices.isEmpty() ? null : choices.get(random.nextInt(choices.size()));
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  /** One that is served, mostly; null where there is none at all. */
  ModelStream anyStream() {
    List<ModelStream> served = model.everyone.stream().filter(s -> s.end == null).toList();
    return pick(oneIn(4) ? model.everyone : served);
  }

  /** One that is there, or null. */
  ModelMember anyMember() {
    ModelLife life = pick(List.copyOf(model.lives.values()));
    return life == null ? null : pick(List.copyOf(life.members.values()));
  }

  String channelId() {
    return oneIn(40)
        ? pick("", "eleven-char", "thirteen-char")
        : "channel-000" + random.nextInt(channelIds);
  }

  String clientId() {
    return switch (random.nextInt(60)) {
      case 0 -> pick("", "ab", "server", "SERVER");
      case 1, 2, 3, 4, 5 -> "CLIENT-" + random.nextInt(clientIds);
      default -> "client-" + random.nextInt(clientIds);
    };
  }

  /** Those of a channel are mostly right. */
  String password(String channelId) {
    ModelLife life = model.lives.get(channelId);
    return life == null || oneIn(2) ? pick(PASSWORDS) : life.password;
  }

  /** The client's own, mostly; another one, or one of no form, or null. */
  String token(String clientId) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> null;
      case 4 -> "another-token-of-" + Model.fold(clientId);
      case 5 -> oneIn(3) ? pick("too-short", "no space in a token", "x".repeat(129)) : null;
      default -> "the-token-of-" + Model.fold(clientId) + "-";
    };
  }

  Join join() {
    String channelId = channelId();
    String clientId = clientId();
    return with(Join.of(channelId, clientId).password(password(channelId)).token(token(clientId)));
  }

  /** Of a member that has a token, by another connection. */
  Join joinAgain(ModelMember member) {
    String clientId = oneIn(4) ? member.clientId.toUpperCase(Locale.ROOT) : member.clientId;
    return with(
        Join.of(member.life.id, clientId).password(member.life.password).token(member.token));
  }

  private Join with(Join join) {
    Join wished = join.presence(!oneIn(5)).lastEventId(lastEventId(join));
    return oneIn(3) ? wished.history(oneIn(8) ? Integer.MAX_VALUE : random.nextInt(12)) : wished;
  }

  private String lastEventId(Join join) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> null;
      case 4 -> "";
      case 5 -> madeUpId(join.channelId());
      default -> seenId(join);
    };
  }

  /** Of an event that an earlier connection of that client has really seen; or null. */
  private String seenId(Join join) {
    String key = Model.fold(join.clientId());
    List<ModelStream> earlier =
        model.everyone.stream()
            .filter(s -> s.life.id.equals(join.channelId()))
            .filter(s -> Model.fold(s.member.clientId).equals(key))
            .toList();
    int recent = Math.max(0, earlier.size() - (oneIn(3) ? 5 : 1));
    ModelStream stream = pick(earlier.subList(recent, earlier.size()));
    return stream == null ? null : stream.lastId;
  }

  private String madeUpId(String channelId) {
    ModelLife life = model.lives.get(channelId);
    if (life == null || life.epoch == null || oneIn(4)) {
      return pick("0-0", "another-1", "0000000-1", "x", "-", "-1", "7", "a-b", "a-1-2", "ä-1");
    }
    int newest = life.newest();
    return life.epoch
        + switch (random.nextInt(10)) {
          case 0 -> "";
          case 1 -> "-";
          case 2 -> pick("-01", "--1", "-+1", "-1 ", "- 1", "-1.0", "-٣");
          case 3 -> "-" + (newest + 1);
          case 4 -> "-" + pick("999999999999999999", "9999999999999999999", "4294967296");
          case 5 -> "-" + newest;
          case 6 -> "-" + Math.max(0, life.first - 1 - random.nextInt(2));
          default -> "-" + random.nextInt(newest + 1);
        };
  }

  Publication publication() {
    String type = oneIn(8) ? pick("", "", "GAP", "CONNECT", "REPLACED", "CLIENT_LIST") : "chat";
    String origin = oneIn(20) ? pick("ab", "server", "SERVER", "outsider") : clientId();
    return publication(channelId(), type, origin);
  }

  /** As somebody who is there, where anybody is, with the right secrets, mostly. */
  Publication publicationOf(ModelMember member) {
    Publication publication =
        Publication.of(member.life.id, "chat", member.clientId, payload())
            .password(member.life.password)
            .token(oneIn(20) ? null : member.token);
    return with(publication);
  }

  private Publication publication(String channelId, String type, String origin) {
    Publication publication =
        Publication.of(channelId, type, origin, payload())
            .password(password(channelId))
            .token(token(origin));
    return with(publication);
  }

  /** By the application itself. */
  Publication ofServer(String channelId) {
    return with(Publication.ofServer(channelId, "notice", payload().as(Object.class)));
  }

  private Publication with(Publication publication) {
    return publication.echo(!oneIn(5)).to(oneIn(3) ? recipients(publication.channelId()) : null);
  }

  private List<String> recipients(String channelId) {
    ModelLife life = model.lives.get(channelId);
    int count = oneIn(20) ? 0 : 1 + random.nextInt(3);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ModelMember member = life == null ? null : pick(List.copyOf(life.members.values()));
      ids.add(member == null || oneIn(5) ? pick("nobody", clientId()) : member.clientId);
    }
    if (count > 0 && oneIn(4)) {
      ids.add(ids.get(0).toUpperCase(Locale.ROOT));
    }
    return ids;
  }

  /** Several of a channel, one of them different perhaps; sometimes none, or too many. */
  List<Publication> publications() {
    int count = oneIn(12) ? 62 + random.nextInt(4) : random.nextInt(7);
    List<Publication> publications = new ArrayList<>();
    ModelMember member = anyMember();
    ModelLife life = member == null ? null : member.life;
    for (int i = 0; i < count; i++) {
      publications.add(
          life == null
              ? Publication.of("channel-0000", "chat", "outsider", payload())
              : oneIn(10)
                  ? ofServer(life.id)
                  : publicationOf(pick(List.copyOf(life.members.values()))));
    }
    if (count > 0 && oneIn(3)) {
      int index = random.nextInt(count);
      Publication wrong = publications.get(index).password("wrong");
      publications.set(index, oneIn(3) ? wrong : publication());
    }
    return publications;
  }

  private Payload payload() {
    return Payload.of(published++ + "-" + "x".repeat(random.nextInt(maxPayload)));
  }
}
