package io.pipely.example.standalone;

import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Starts the server, or says in one line why not: exit code 2 for a setting that is wrong, 1 for an
 * address that cannot be listened at, and for a Redis that does not answer. A signal ends it with
 * exit code 0.
 */
public final class Main {

  private static final int CANNOT_START = 1;
  private static final int INVALID_SETTING = 2;

  private Main() {}

  public static void main(String[] args) {
    try {
      Settings settings = Settings.of(System.getenv(), asMap(System.getProperties()));
      HeapSettings.apply();
      StandaloneServer server = StandaloneServer.start(settings);
      Signals.onEnd(server);
      server.announce();
      Resending.check();
      WarmUp.start(settings.warmUp());
    } catch (InvalidSettingException e) {
      fail(INVALID_SETTING, e.getMessage());
    } catch (CannotStartException e) {
      fail(CANNOT_START, e.getMessage());
    }
  }

  private static Map<String, String> asMap(Properties properties) {
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, name -> properties.getProperty(name, "")));
  }

  private static void fail(int exitCode, String why) {
    System.err.println(why);
    System.exit(exitCode);
  }
}
