package io.pipely;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request to join a channel, or to create it where it does not exist. Immutable. */
public final class Join {

  private final String channelId;
  private final String clientId;
  private final @Nullable String password;

  private Join(String channelId, String clientId, @Nullable String password) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.clientId = Objects.requireNonNull(clientId, "clientId");
    this.password = password;
  }

  /**
   * A join without a password.
   *
   * @param channelId twelve characters, otherwise the join is refused
   * @param clientId 3 to 128 characters, not yet used in the channel, in whatever case
   */
  public static Join of(String channelId, String clientId) {
    return new Join(channelId, clientId, null);
  }

  /**
   * The same with a password: the channel's, where it has one, or the one it is created with. An
   * empty one is none.
   */
  public Join password(@Nullable String password) {
    return new Join(channelId, clientId, password);
  }

  public String channelId() {
    return channelId;
  }

  public String clientId() {
    return clientId;
  }

  public @Nullable String password() {
    return password;
  }

  /** Without the password, so that it reaches no log. */
  @Override
  public String toString() {
    return "Join[" + channelId + ", " + clientId + "]";
  }
}
