package io.pipely.core;

import java.time.Duration;

/** The bounds of a hub, already checked. */
public record Options(
    int maxMembers,
    int maxChannels,
    int keepBytes,
    Duration keepTime,
    long keepInAll,
    Duration heartbeat,
    Duration grace,
    Duration stall,
    boolean isStrictOrigins) {

  public static final Options DEFAULTS =
      new Options(
          10_000,
          100_000,
          1 << 20,
          Duration.ofSeconds(60),
          Runtime.getRuntime().maxMemory() / 4,
          Duration.ofSeconds(45),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          false);

  public Options withMaxMembers(int members) {
    return new Options(
        members,
        maxChannels,
        keepBytes,
        keepTime,
        keepInAll,
        heartbeat,
        grace,
        stall,
        isStrictOrigins);
  }

  public Options withMaxChannels(int channels) {
    return new Options(
        maxMembers,
        channels,
        keepBytes,
        keepTime,
        keepInAll,
        heartbeat,
        grace,
        stall,
        isStrictOrigins);
  }

  public Options withKeep(int bytes, Duration time) {
    return new Options(
        maxMembers, maxChannels, bytes, time, keepInAll, heartbeat, grace, stall, isStrictOrigins);
  }

  public Options withKeepInAll(long bytes) {
    return new Options(
        maxMembers,
        maxChannels,
        keepBytes,
        keepTime,
        bytes,
        heartbeat,
        grace,
        stall,
        isStrictOrigins);
  }

  public Options withHeartbeat(Duration time) {
    return new Options(
        maxMembers,
        maxChannels,
        keepBytes,
        keepTime,
        keepInAll,
        time,
        grace,
        stall,
        isStrictOrigins);
  }

  public Options withGrace(Duration time) {
    return new Options(
        maxMembers,
        maxChannels,
        keepBytes,
        keepTime,
        keepInAll,
        heartbeat,
        time,
        stall,
        isStrictOrigins);
  }

  public Options withStall(Duration time) {
    return new Options(
        maxMembers,
        maxChannels,
        keepBytes,
        keepTime,
        keepInAll,
        heartbeat,
        grace,
        time,
        isStrictOrigins);
  }

  public Options withStrictOrigins(boolean isStrict) {
    return new Options(
        maxMembers, maxChannels, keepBytes, keepTime, keepInAll, heartbeat, grace, stall, isStrict);
  }
}
