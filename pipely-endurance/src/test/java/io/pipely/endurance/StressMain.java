package io.pipely.endurance;

import io.pipely.endurance.stress.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The stress program: runs for as long as one likes, and fails where anything was wrong. */
final class StressMain {

  private static final String USAGE =
      """
      StressMain [option value]...
        --server NAME    jetty, tomcat, or the URL of a server of yours; jetty if not given
        --seed N         of all choices; a new one if not given
        --seconds N      how long to go on, 60 if not given
        --clients N      who come and go, 24 if not given
        --channels N     8 if not given
      For a server of yours, where it is not started with the defaults:
        --key KEY        its server key
        --grace N        its grace, in seconds
        --keep-bytes N   how many bytes of a channel's events it keeps\
      """;

  private StressMain() {}

  /** Takes what {@link #USAGE} says. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = read(args);
    String server = options.getOrDefault("--server", "jetty");
    Settings settings = settings(options);
    if (server.contains("://")) {
      StressRun.against(URI.create(server), settings);
    } else {
      StressRun.of(
          ServerKind.valueOf(server.toUpperCase(Locale.ROOT)),
          settings.seed(),
          settings.time(),
          settings.clients(),
          settings.channels());
    }
  }

  private static Map<String, String> read(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!USAGE.contains("  " + args[i] + " ") || i + 1 == args.length) {
        System.err.println(USAGE);
        System.exit(2);
      }
      options.put(args[i], args[i + 1]);
    }
    return options;
  }

  private static Settings settings(Map<String, String> options) {
    return new Settings(
        Long.parseLong(options.getOrDefault("--seed", "" + System.nanoTime())),
        Duration.ofSeconds(Long.parseLong(options.getOrDefault("--seconds", "60"))),
        Integer.parseInt(options.getOrDefault("--clients", "24")),
        Integer.parseInt(options.getOrDefault("--channels", "8")),
        Integer.parseInt(options.getOrDefault("--keep-bytes", "1048576")),
        Duration.ofSeconds(Long.parseLong(options.getOrDefault("--grace", "10"))),
        options.getOrDefault("--key", ""));
  }
}
