package io.pipely;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event to be published. Immutable. */
public final class Publication {

  private final String channelId;
  private final String type;
  private final String originId;
  private final Payload payload;
  private final Credentials credentials;
  private final @Nullable List<String> to;
  private final boolean isEcho;

  /** Null where the application itself publishes. */
  private final @Nullable Caller caller;

  private Publication(
      String channelId,
      String type,
      String originId,
      Payload payload,
      Credentials credentials,
      @Nullable List<String> to,
      boolean isEcho,
      @Nullable Caller caller) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.type = Objects.requireNonNull(type, "type");
    this.originId = Objects.requireNonNull(originId, "originId");
    this.payload = Objects.requireNonNull(payload, "payload");
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.to = to;
    this.isEcho = isEcho;
    this.caller = caller;
  }

  /**
   * A publication on behalf of a client, under the rules that hold for clients.
   *
   * @param channelId twelve characters, otherwise the publication is refused
   * @param type 1 to 128 characters, not one of the built-in types
   * @param originId 3 to 128 characters: who it is from, as all will see
   */
  public static Publication of(String channelId, String type, String originId, Payload payload) {
    return new Publication(
        channelId, type, originId, payload, Credentials.NONE, null, true, Caller.APPLICATION);
  }

  /**
   * A publication of the application itself, which is trusted: its origin is {@code server}, and it
   * needs no secret.
   *
   * @param payload any object that Jackson can write
   * @throws IllegalArgumentException where the payload cannot be written as JSON
   */
  public static Publication ofServer(String channelId, String type, @Nullable Object payload) {
    return new Publication(
        channelId, type, "server", Payload.of(payload), Credentials.NONE, null, true, null);
  }

  /** The same with the channel's password, needed where the channel has one. */
  public Publication password(@Nullable String password) {
    return credentials(credentials.password(password));
  }

  /** The same with the token that the origin has joined with, needed where it has. */
  public Publication token(@Nullable String token) {
    return credentials(credentials.token(token));
  }

  public Publication credentials(Credentials credentials) {
    return new Publication(channelId, type, originId, payload, credentials, to, isEcho, caller);
  }

  /**
   * The same for these members alone. Who is no member is passed over, unless none is one; one at
   * least must be named.
   *
   * @param clientIds of members; null for everybody
   */
  public Publication to(@Nullable Collection<String> clientIds) {
    List<String> ids = clientIds == null ? null : List.copyOf(clientIds);
    return new Publication(channelId, type, originId, payload, credentials, ids, isEcho, caller);
  }

  /** The same, whether the publisher is to have it too where it is a member; true by default. */
  public Publication echo(boolean isEcho) {
    return new Publication(channelId, type, originId, payload, credentials, to, isEcho, caller);
  }

  /**
   * The same on behalf of somebody else than the application, about whom the {@link Authorizer} is
   * asked.
   */
  public Publication caller(Caller caller) {
    return new Publication(
        channelId,
        type,
        originId,
        payload,
        credentials,
        to,
        isEcho,
        Objects.requireNonNull(caller, "caller"));
  }

  public String channelId() {
    return channelId;
  }

  public String type() {
    return type;
  }

  public String originId() {
    return originId;
  }

  public Payload payload() {
    return payload;
  }

  public Credentials credentials() {
    return credentials;
  }

  /** Whom it is for; null for everybody. */
  public @Nullable List<String> to() {
    return to;
  }

  public boolean isEcho() {
    return isEcho;
  }

  /** On whose behalf; null where the application itself publishes, which is trusted. */
  public @Nullable Caller caller() {
    return caller;
  }

  /** Without the secrets and the payload, so that they reach no log. */
  @Override
  public String toString() {
    return "Publication[" + channelId + ", " + type + ", " + originId + "]";
  }
}
