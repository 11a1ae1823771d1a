package io.pipely;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request to join a channel, or to create it where it does not exist. Immutable. */
public final class Join {

  private final String channelId;
  private final String clientId;
  private final Credentials credentials;
  private final @Nullable String lastEventId;
  private final int history;
  private final boolean isPresenceWanted;
  private final Caller caller;

  private Join(
      String channelId,
      String clientId,
      Credentials credentials,
      @Nullable String lastEventId,
      int history,
      boolean isPresenceWanted,
      Caller caller) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.clientId = Objects.requireNonNull(clientId, "clientId");
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.lastEventId = lastEventId;
    this.history = history;
    this.isPresenceWanted = isPresenceWanted;
    this.caller = Objects.requireNonNull(caller, "caller");
  }

  /**
   * A plain join.
   *
   * @param channelId twelve characters, otherwise the join is refused
   * @param clientId 3 to 128 characters, not yet used in the channel, in whatever case
   */
  public static Join of(String channelId, String clientId) {
    return new Join(channelId, clientId, Credentials.NONE, null, 0, true, Caller.APPLICATION);
  }

  /**
   * The same with a password: the channel's, where it has one, or the one it is created with. An
   * empty one is none.
   */
  public Join password(@Nullable String password) {
    return credentials(credentials.password(password));
  }

  /**
   * The same with a token: a secret that the client makes up, 16 to 128 letters, digits, {@code -},
   * {@code .} and {@code _}. Who joins again with the same id and token takes its membership over;
   * who is lost stays a member for a grace period; and nobody else can publish under the id.
   */
  public Join token(@Nullable String token) {
    return credentials(credentials.token(token));
  }

  public Join credentials(Credentials credentials) {
    return new Join(
        channelId, clientId, credentials, lastEventId, history, isPresenceWanted, caller);
  }

  /**
   * The same with the {@link Event#id} of the last event that the client has: it is given all that
   * it has missed since, where all of it is kept, and {@code GAP} otherwise. An empty one is none.
   */
  public Join lastEventId(@Nullable String id) {
    return new Join(
        channelId,
        clientId,
        credentials,
        "".equals(id) ? null : id,
        history,
        isPresenceWanted,
        caller);
  }

  /**
   * The same, to be given the newest so many published events that are kept ahead of those to come;
   * not where there is a last event id.
   *
   * @throws IllegalArgumentException where it is negative
   */
  public Join history(int events) {
    if (events < 0) {
      throw new IllegalArgumentException("events must not be negative: " + events);
    }
    return new Join(
        channelId, clientId, credentials, lastEventId, events, isPresenceWanted, caller);
  }

  /**
   * The same, whether to be told who comes and goes, as is the default. Where not, the member list
   * names the member itself alone; the others see it like any other member.
   */
  public Join presence(boolean isWanted) {
    return new Join(channelId, clientId, credentials, lastEventId, history, isWanted, caller);
  }

  /**
   * The same on behalf of somebody else than the application, about whom the {@link Authorizer} is
   * asked.
   */
  public Join caller(Caller caller) {
    return new Join(
        channelId, clientId, credentials, lastEventId, history, isPresenceWanted, caller);
  }

  public String channelId() {
    return channelId;
  }

  public String clientId() {
    return clientId;
  }

  public Credentials credentials() {
    return credentials;
  }

  public @Nullable String lastEventId() {
    return lastEventId;
  }

  public int history() {
    return history;
  }

  public boolean isPresenceWanted() {
    return isPresenceWanted;
  }

  public Caller caller() {
    return caller;
  }

  /** Without the secrets, so that they reach no log. */
  @Override
  public String toString() {
    return "Join[" + channelId + ", " + clientId + "]";
  }
}
