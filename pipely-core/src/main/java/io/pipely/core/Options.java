package io.pipely.core;

import java.time.Duration;

/** The bounds of a hub, already checked. */
public record Options(
    int maxMembers, int maxChannels, int keepBytes, Duration keepTime, Duration heartbeat) {

  public static final Options DEFAULTS =
      new Options(10_000, 100_000, 1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(45));

  public Options withMaxMembers(int members) {
    return new Options(members, maxChannels, keepBytes, keepTime, heartbeat);
  }

  public Options withMaxChannels(int channels) {
    return new Options(maxMembers, channels, keepBytes, keepTime, heartbeat);
  }

  public Options withKeep(int bytes, Duration time) {
    return new Options(maxMembers, maxChannels, bytes, time, heartbeat);
  }

  public Options withHeartbeat(Duration time) {
    return new Options(maxMembers, maxChannels, keepBytes, keepTime, time);
  }
}
