package io.pipely;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event to be published on behalf of a client. Immutable. */
public final class Publication {

  private final String channelId;
  private final String type;
  private final String originId;
  private final Payload payload;
  private final @Nullable String password;

  private Publication(
      String channelId, String type, String originId, Payload payload, @Nullable String password) {
    this.channelId = Objects.requireNonNull(channelId, "channelId");
    this.type = Objects.requireNonNull(type, "type");
    this.originId = Objects.requireNonNull(originId, "originId");
    this.payload = Objects.requireNonNull(payload, "payload");
    this.password = password;
  }

  /**
   * A publication without a password.
   *
   * @param channelId twelve characters, otherwise the publication is refused
   * @param type 1 to 128 characters, not one of the built-in types
   * @param originId 3 to 128 characters: who it is from, as all will see
   */
  public static Publication of(String channelId, String type, String originId, Payload payload) {
    return new Publication(channelId, type, originId, payload, null);
  }

  /** The same with the channel's password, needed where the channel has one. */
  public Publication password(@Nullable String password) {
    return new Publication(channelId, type, originId, payload, password);
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

  public @Nullable String password() {
    return password;
  }

  /** Without the password and the payload, so that they reach no log. */
  @Override
  public String toString() {
    return "Publication[" + channelId + ", " + type + ", " + originId + "]";
  }
}
