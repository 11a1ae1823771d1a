package io.pipely.core;

import io.pipely.spi.Seat;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's place in one channel: who it is, and the connection by which it is served, if there
 * is one now. Guarded by its channel's lock.
 *
 * <pre>
 *             join             lost, with a token             grace runs out, or leave
 *   (no member) --> ATTACHED ----------------------> LOST ----------------------------> (no member)
 *                     ^  |  ^                          |
 *            takeover +--+  +------- comes back -------+
 * </pre>
 *
 * <p>From ATTACHED too it ends by leaving, and by being lost without a token.
 */
final class Member {

  /** How often a connection may be taken over within a time: twice. */
  private static final long TAKEOVER_NANOS = 10_000_000_000L;

  private final String key;
  private final String clientId;
  private final byte @Nullable [] tokenHash;

  /** Its place where several nodes share the channel; null where they do not. */
  private @Nullable Seat seat;

  /** Of what is told of its coming and going. */
  private final Audience presence = new Audience.Presence(this);

  /** Null while it is lost, or served by another node. */
  private @Nullable Attachment attachment;

  /** Whether its time to come back runs, and since when, in the ticker's nanoseconds. */
  private boolean isLost;

  private long lostAt;

  /** When it was taken over last, and the time before; null where it was not. */
  private long @Nullable [] takeovers;

  /**
   * A member that is yet to be attached.
   *
   * @param key the folded id
   */
  Member(String key, String clientId, byte @Nullable [] tokenHash) {
    this.key = key;
    this.clientId = clientId;
    this.tokenHash = tokenHash;
  }

  /** One that another node has admitted. */
  static Member of(Seat seat) {
    String clientId = seat.clientId();
    Member member = new Member(Names.fold(clientId), clientId, Secrets.ofText(seat.tokenHash()));
    member.sit(seat);
    return member;
  }

  String key() {
    return key;
  }

  /** The id in the spelling that it joined with first. */
  String clientId() {
    return clientId;
  }

  Audience presence() {
    return presence;
  }

  boolean hasToken() {
    return tokenHash != null;
  }

  /** Whether that token is this member's, which it is not where this member has none. */
  boolean isOwner(byte @Nullable [] otherHash) {
    return tokenHash != null && MessageDigest.isEqual(tokenHash, otherHash);
  }

  @Nullable Attachment attachment() {
    return attachment;
  }

  /** Null where it has none any more. */
  void attach(@Nullable Attachment newAttachment) {
    attachment = newAttachment;
    isLost = false;
  }

  /** From now on its time to come back runs. */
  void lost(long now) {
    isLost = true;
    lostAt = now;
  }

  /** Whether its time to come back runs. */
  boolean isWaitedFor() {
    return isLost;
  }

  /** Null where it has none. */
  byte @Nullable [] tokenHash() {
    return tokenHash;
  }

  /** Whether nothing here serves it, and nothing waits for it either. */
  boolean isAbandoned() {
    return attachment == null && !isLost;
  }

  /** Its time to come back is over. */
  void waitNoMore() {
    isLost = false;
  }

  Seat seat() {
    return Objects.requireNonNull(seat, "a member of a channel that is shared by no nodes");
  }

  /** Takes a seat, or is served by another node from now on, or perhaps by the same. */
  void sit(Seat newSeat) {
    seat = newSeat;
    isLost = false;
  }

  /** Whether it is lost since then, and has not come back meanwhile. */
  boolean isLostSince(long time) {
    return isLost && lostAt == time;
  }

  /**
   * Whether its connection, where it has one, may be taken over once more, so that two that have
   * one token do not fight for ever.
   */
  boolean mayBeTakenOver(long now) {
    return takeovers == null || now - takeovers[1] >= TAKEOVER_NANOS;
  }

  void takenOver(long now) {
    takeovers = new long[] {now, takeovers == null ? now - TAKEOVER_NANOS : takeovers[0]};
  }
}
