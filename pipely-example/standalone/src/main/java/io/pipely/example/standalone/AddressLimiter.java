package io.pipely.example.standalone;

import com.github.benmanes.caffeine.cache.Ticker;
import io.pipely.Caller;
import io.pipely.http.Limiter;
import java.time.Duration;

/**
 * Bounds what one client may ask for a second, and how often a minute it may give a wrong password
 * for one channel. A client is known by its {@link ClientNetwork}.
 */
final class AddressLimiter implements Limiter {

  private static final int WRONG_PASSWORDS = 10;

  private final Buckets<ClientNetwork> subscribes;
  private final Buckets<ClientNetwork> publishes;
  private final Buckets<Guess> wrongPasswords;

  private record Guess(ClientNetwork client, String channelId) {}

  AddressLimiter(RateLimit rate, Ticker ticker) {
    this.subscribes = new Buckets<>(rate.subscribes(), Duration.ofSeconds(1), ticker);
    this.publishes = new Buckets<>(rate.publishes(), Duration.ofSeconds(1), ticker);
    this.wrongPasswords = new Buckets<>(WRONG_PASSWORDS, Duration.ofMinutes(1), ticker);
  }

  @Override
  public Duration request(Caller caller, boolean isSubscribe) {
    return (isSubscribe ? subscribes : publishes).take(ClientNetwork.of(caller.address()));
  }

  /** Keeps nothing: a channel's id may be anything here. */
  @Override
  public Duration attempt(Caller caller, String channelId) {
    return wrongPasswords.look(guess(caller, channelId));
  }

  /**
   * Requests that are under way at the same time are not counted before they are answered, so a few
   * more may come through than there should, one for each of the server's threads at most.
   */
  @Override
  public void wrongPassword(Caller caller, String channelId) {
    wrongPasswords.take(guess(caller, channelId));
  }

  private static Guess guess(Caller caller, String channelId) {
    return new Guess(ClientNetwork.of(caller.address()), channelId);
  }
}
