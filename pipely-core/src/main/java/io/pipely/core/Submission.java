package io.pipely.core;

import io.pipely.Credentials;
import io.pipely.Event;
import io.pipely.Publication;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One publication on its way into a channel: who may speak as whom, and to whom. Secrets are hashed
 * and ids folded ahead of the channel's lock; {@link #decide} is called under it.
 */
final class Submission {

  private final Publication publication;
  private final String originKey;

  /** Whom it is for, folded, each once; null for everybody. */
  private final @Nullable Set<String> toKeys;

  private final Proof proof;

  // Decided:

  private Audience audience = Audience.EVERYBODY;
  private List<String> to = List.of();

  /** What the secrets of a request prove about it. */
  private static final class Proof {

    private final Credentials credentials;
    private final boolean isAdmitted;
    private final boolean isServer;
    private final byte @Nullable [] tokenHash;

    Proof(Credentials credentials, byte @Nullable [] passwordHash, Secrets secrets) {
      this.credentials = credentials;
      this.isAdmitted = secrets.admits(passwordHash, credentials.password());
      this.isServer = secrets.isServerKey(credentials.serverKey());
      this.tokenHash = secrets.hashOrNull(credentials.token());
    }
  }

  private Submission(Publication publication, Proof proof) {
    this.publication = publication;
    this.originKey = Names.fold(publication.originId());
    List<String> ids = publication.to();
    this.toKeys =
        ids == null
            ? null
            : ids.stream().map(Names::fold).collect(Collectors.toCollection(LinkedHashSet::new));
    this.proof = proof;
  }

  /** Prepares publications to one channel, which mostly have the same secrets. */
  static List<Submission> prepare(
      List<Publication> publications, byte @Nullable [] passwordHash, Secrets secrets) {
    List<Submission> submissions = new ArrayList<>(publications.size());
    Proof proof = null;
    for (Publication publication : publications) {
      if (proof == null || proof.credentials != publication.credentials()) {
        proof = new Proof(publication.credentials(), passwordHash, secrets);
      }
      submissions.add(new Submission(publication, proof));
    }
    return submissions;
  }

  /**
   * Decides, and remembers whom it is for.
   *
   * @param members of the channel by folded id
   * @param hasServerKey whether speaking as the server needs the key
   */
  @Nullable Refusal decide(
      Map<String, Member> members, boolean hasServerKey, boolean isStrictOrigins) {
    audience = Audience.EVERYBODY;
    to = List.of();
    Member publisher = members.get(originKey);
    if (publication.caller() != null) {
      Refusal refusal = refusalToSpeak(publisher, hasServerKey, isStrictOrigins);
      if (refusal != null) {
        return refusal;
      }
    }
    if (toKeys != null) {
      return direct(toKeys, members, publisher);
    }
    if (!publication.isEcho() && publisher != null) {
      audience = new Audience.Others(publisher);
    }
    return null;
  }

  private @Nullable Refusal refusalToSpeak(
      @Nullable Member publisher, boolean hasServerKey, boolean isStrictOrigins) {
    boolean isServer = originKey.equals(Names.SERVER);
    if (isServer && hasServerKey) {
      return proof.isServer ? null : Refusal.SERVER_KEY_NEEDED;
    }
    if (!proof.isAdmitted) {
      return Refusal.WRONG_PASSWORD;
    }
    if (publisher != null && publisher.hasToken() && !publisher.isOwner(proof.tokenHash)) {
      return Refusal.ORIGIN_OF_ANOTHER;
    }
    return isStrictOrigins && publisher == null && !isServer ? Refusal.ORIGIN_NOT_A_MEMBER : null;
  }

  private @Nullable Refusal direct(
      Set<String> keys, Map<String, Member> members, @Nullable Member publisher) {
    Set<Member> recipients = new LinkedHashSet<>();
    for (String key : keys) {
      Member member = members.get(key);
      if (member != null) {
        recipients.add(member);
      }
    }
    if (recipients.isEmpty()) {
      return Refusal.NO_SUCH_CLIENT;
    }
    to = recipients.stream().map(Member::clientId).toList();
    if (!publication.isEcho() && publisher != null) {
      recipients.remove(publisher);
    }
    audience = new Audience.Only(Set.copyOf(recipients));
    return null;
  }

  Audience audience() {
    return audience;
  }

  /** What it comes to, for other nodes. */
  Entry entry() {
    Set<String> only = null;
    String except = null;
    if (audience instanceof Audience.Only few) {
      only = few.members().stream().map(member -> member.seat().id()).collect(Collectors.toSet());
    } else if (audience instanceof Audience.Others others) {
      except = others.publisher().seat().id();
    }
    return new Entry.Published(
        publication.type(), publication.originId(), publication.payload(), to, only, except);
  }

  /** The event, without its place in the log. */
  Event event(String channelId) {
    Event event =
        Event.of(channelId, publication.type(), publication.originId(), publication.payload());
    return to.isEmpty() ? event : event.to(to);
  }
}
