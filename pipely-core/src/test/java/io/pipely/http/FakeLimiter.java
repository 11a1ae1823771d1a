package io.pipely.http;

import io.pipely.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds back whom a test wants, and remembers what it was told. */
final class FakeLimiter implements Limiter {

  final List<Boolean> requests = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();

  /** How long the next request has to wait. */
  Duration wait = Duration.ZERO;

  /** The channel whose password must not be guessed any more. */
  String blocked = "";

  @Override
  public Duration request(Caller caller, boolean isSubscribe) {
    requests.add(isSubscribe);
    return wait;
  }

  @Override
  public Duration attempt(Caller caller, String channelId) {
    return channelId.equals(blocked) ? Duration.ofSeconds(6) : Duration.ZERO;
  }

  @Override
  public void wrongPassword(Caller caller, String channelId) {
    wrong.add(channelId);
  }
}
