package io.pipely.core;

import java.util.ArrayList;
import java.util.List;

/** One client's place in one life of a channel, whatever connections it comes by. */
final class ModelMember {

  final ModelLife life;

  /** In the spelling that it joined with first. */
  final String clientId;

  /** Null where it joined with none. */
  final String token;

  /** Null while it is lost. */
  ModelStream stream;

  long lostAt;

  /** When a connection of it was taken over. */
  final List<Long> takeovers = new ArrayList<>();

  ModelMember(ModelLife life, String clientId, String token) {
    this.life = life;
    this.clientId = clientId;
    this.token = token;
  }

  boolean isLost() {
    return stream == null;
  }

  @Override
  public String toString() {
    return clientId + " in " + life.id;
  }
}
