package io.pipely;

import org.jspecify.annotations.Nullable;

/** The secrets that come with a request, each of them or none. Immutable; in no log. */
public final class Credentials {

  /** No secret at all. */
  public static final Credentials NONE = new Credentials(null, null, null);

  private final @Nullable String password;
  private final @Nullable String token;
  private final @Nullable String serverKey;

  private Credentials(
      @Nullable String password, @Nullable String token, @Nullable String serverKey) {
    this.password = password;
    this.token = token;
    this.serverKey = serverKey;
  }

  /** The same with a channel's password. An empty one is none. */
  public Credentials password(@Nullable String password) {
    return new Credentials("".equals(password) ? null : password, token, serverKey);
  }

  /** The same with a member's token: see {@link Join#token}. An empty one is none. */
  public Credentials token(@Nullable String token) {
    return new Credentials(password, "".equals(token) ? null : token, serverKey);
  }

  /** The same with the server's key: see {@link PipelyBuilder#serverKey}. */
  public Credentials serverKey(@Nullable String serverKey) {
    return new Credentials(password, token, serverKey);
  }

  public @Nullable String password() {
    return password;
  }

  public @Nullable String token() {
    return token;
  }

  public @Nullable String serverKey() {
    return serverKey;
  }

  /** Which there are, not what they are. */
  @Override
  public String toString() {
    return "Credentials["
        + (password == null ? "" : "password ")
        + (token == null ? "" : "token ")
        + (serverKey == null ? "" : "server key ").strip()
        + "]";
  }
}
