package io.pipely.contract;

/** Secrets of clients, as they make them up. */
public final class Tokens {

  public static final String ANN = "anns-token_0123456789.ABC";
  public static final String BOB = "bobs-token_0123456789.ABC";

  /** In the form of a token, and nobody's. */
  public static final String NOBODY = "nobodys-token_0123456789";

  private Tokens() {}

  /** Joins, or comes back to, the channel of most tests as one connection of a client. */
  public static RawRequest subscribe(String clientId, String token) {
    return RawRequest.subscribe(Events.CHANNEL, clientId).parameter("token", token);
  }
}
