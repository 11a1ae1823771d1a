package io.pipely.example.standalone;

import io.pipely.PipelyBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * What can be set from outside: by environment variables, each of them also a system property of
 * the same name, which wins. A name of ours that is not known is an error, not ignored: a typing
 * error would otherwise be a server that silently runs with something else than what was asked for.
 *
 * @param address where to listen
 * @param warmUp how long to warm up
 * @param rateLimit how much one address may ask for
 * @param trustedProxies whose word on where a request comes from counts; empty: nobody's
 * @param rules sets what there is to be set of the rules
 */
record Settings(
    InetSocketAddress address,
    Duration warmUp,
    RateLimit rateLimit,
    InetAddressSet trustedProxies,
    Consumer<PipelyBuilder> rules) {

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

  private static final Setting<RateLimit> RATE_LIMIT =
      new Setting<>(
          "PIPELY_RATE_LIMIT",
          "'off', or subscribes and publishes a second like '50/200'",
          Values::rateLimit);
  private static final Setting<InetAddressSet> TRUSTED_PROXIES =
      new Setting<>(
          "PIPELY_TRUSTED_PROXIES",
          "addresses and networks like '127.0.0.1, 10.0.0.0/8, fd00::/8'",
          Values::networks);

  /** Those that are the rules' affair. */
  private static final List<Rule<?>> RULES =
      List.of(
          new Rule<>(
              new Setting<>("PIPELY_SERVER_KEY", "of visible ASCII characters", Values::key, true),
              PipelyBuilder::serverKey),
          new Rule<>(
              new Setting<>("PIPELY_STRICT_ORIGINS", "'true' or 'false'", Values::flag),
              PipelyBuilder::strictOrigins),
          new Rule<>(
              new Setting<>("PIPELY_GRACE", "a time like '500ms', '10s' or '2m'", Values::time),
              PipelyBuilder::grace));

  /** The whole table. */
  private static final List<Setting<?>> ALL =
      Stream.concat(
              Stream.of(ADDRESS, PORT, WARM_UP, RATE_LIMIT, TRUSTED_PROXIES),
              RULES.stream().<Setting<?>>map(Rule::setting))
          .toList();

  private record Rule<T>(Setting<T> setting, BiConsumer<PipelyBuilder, T> setter) {

    /** What the setting sets; nothing where it is not there. */
    Consumer<PipelyBuilder> in(Map<String, String> texts) {
      Optional<T> value = setting.in(texts);
      return builder -> value.ifPresent(v -> setter.accept(builder, v));
    }
  }

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
        WARM_UP.in(texts).orElse(DEFAULT_WARM_UP),
        RATE_LIMIT.in(texts).orElse(RateLimit.OFF),
        TRUSTED_PROXIES.in(texts).orElseGet(InetAddressSet::new),
        RULES.stream().map(rule -> rule.in(texts)).reduce(builder -> {}, Consumer::andThen));
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
