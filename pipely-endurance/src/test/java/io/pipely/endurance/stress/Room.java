package io.pipely.endurance.stress;

import io.pipely.contract.RawRequest;
import java.util.List;
import java.util.Random;

/**
 * A channel of one round, which may have many lives, unless it has residents.
 *
 * @param password empty where it has none
 */
record Room(String channelId, String password, boolean hasResidents) {

  /** None that a channel may be created with; so it is refused whether or not there is one. */
  private static final String WRONG_PASSWORD = " wrong";

  /** None of them has a token. */
  static final List<String> RESIDENTS = List.of("resident-1", "resident-2");

  /** Who stays for the whole round. */
  List<String> residents() {
    return hasResidents ? RESIDENTS : List.of();
  }

  boolean isProtected() {
    return !password.isEmpty();
  }

  /** A request with the password, if there is one; now in this way and now in that. */
  RawRequest withPassword(RawRequest request, Random random) {
    if (!isProtected()) {
      return request;
    }
    boolean isSubscribe = request.target().startsWith("/subscribe");
    return isSubscribe && random.nextBoolean()
        ? request.parameter("password", password)
        : request.password(password);
  }

  RawRequest subscribeWrongly(String clientId) {
    return RawRequest.subscribe(channelId, clientId, WRONG_PASSWORD);
  }

  RawRequest look() {
    RawRequest look = RawRequest.get("/channel/" + channelId);
    return isProtected() ? look.password(password) : look;
  }
}
