package io.pipely.example.standalone;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What can be set from outside: by environment variables, each of them also a system property of
 * the same name, which wins. A name of ours that is not known is an error, not ignored: a typing
 * error would otherwise be a server that silently runs with something else than what was asked for.
 *
 * @param address where to listen
 * @param warmUp how long to warm up
 */
record Settings(InetSocketAddress address, Duration warmUp) {

  private static final int DEFAULT_PORT = 6550;
  private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(5);
  private static final String OUR_PREFIX = "PIPELY_";

  private static final Setting<InetSocketAddress> ADDRESS =
      new Setting<>(
          "ADDRESS", "an address like ':6550', '127.0.0.1:7000' or '[::1]:7000'", Values::address);
  private static final Setting<Integer> PORT =
      new Setting<>("PORT", "a number from 0 to 65535", Values::port);
  private static final Setting<Duration> WARM_UP =
      new Setting<>("PIPELY_WARM_UP", "a number of seconds from 0 to 60", Values::warmUp);

  /** The whole table. */
  private static final List<Setting<?>> ALL = List.of(ADDRESS, PORT, WARM_UP);

  /**
   * Reads them all.
   *
   * @throws InvalidSettingException where one of them is wrong
   */
  static Settings of(Map<String, String> environment, Map<String, String> systemProperties) {
    Map<String, String> texts = new HashMap<>(environment);
    texts.putAll(systemProperties);
    refuseUnknown(texts.keySet());
    Optional<InetSocketAddress> address = ADDRESS.in(texts);
    Optional<Integer> port = PORT.in(texts); // Wrong is wrong, also where ADDRESS wins.
    return new Settings(
        address.orElseGet(() -> new InetSocketAddress(port.orElse(DEFAULT_PORT))),
        WARM_UP.in(texts).orElse(DEFAULT_WARM_UP));
  }

  private static void refuseUnknown(Set<String> names) {
    Set<String> known = ALL.stream().map(Setting::name).collect(Collectors.toSet());
    for (String name : new TreeSet<>(names)) {
      if (name.startsWith(OUR_PREFIX) && !known.contains(name)) {
        throw new InvalidSettingException(name + " is not a setting that this server knows");
      }
    }
  }
}
