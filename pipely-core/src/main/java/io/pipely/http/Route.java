package io.pipely.http;

import org.jspecify.annotations.Nullable;

/** The routes, each with the one method it knows besides OPTIONS. */
enum Route {
  SUBSCRIBE("GET"),
  PUBLISH("POST"),
  LEAVE("POST"),
  CHANNELS("GET"),
  CHANNEL("GET"),
  CLIENT_FILE("GET");

  private static final String CHANNEL_PATH = "/channel";
  private static final String CHANNEL_PREFIX = CHANNEL_PATH + "/";

  private final String method;

  Route(String method) {
    this.method = method;
  }

  String method() {
    return method;
  }

  String methods() {
    return method + ", OPTIONS";
  }

  /** Null where there is no such route. */
  static @Nullable Route of(String path) {
    return switch (path) {
      case "/subscribe" -> SUBSCRIBE;
      case "/publish" -> PUBLISH;
      case "/leave" -> LEAVE;
      case "/channels" -> CHANNELS;
      case CHANNEL_PATH -> CHANNEL;
      default -> isChannel(path) ? CHANNEL : ClientFile.at(path) != null ? CLIENT_FILE : null;
    };
  }

  private static boolean isChannel(String path) {
    return path.length() > CHANNEL_PREFIX.length()
        && path.startsWith(CHANNEL_PREFIX)
        && path.indexOf('/', CHANNEL_PREFIX.length()) < 0;
  }

  /** The channel's id that a path has; null where it has none. */
  static @Nullable String channelId(String path) {
    return isChannel(path) ? path.substring(CHANNEL_PREFIX.length()) : null;
  }
}
