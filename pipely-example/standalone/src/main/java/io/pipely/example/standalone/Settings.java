package io.pipely.example.standalone;

import io.pipely.config.TextOptions;
import io.pipely.redis.RedisLedger;
import io.pipely.redis.RedisLedgerBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be set from outside: by environment variables, each of them also a system property of
 * the same name, which wins. A name of ours that is not known is an error, not ignored: a typing
 * error would otherwise be a server that silently runs with something else than what was asked for.
 *
 * @param address where to listen
 * @param warmUp how long to warm up
 * @param rateLimit how much one address may ask for
 * @param trustedProxies whose word on where a request comes from counts; empty: nobody's
 * @param redis the Redis that nodes share; null where this is the only node
 * @param options those of the rules and of the protocol
 */
record Settings(
    InetSocketAddress address,
    Duration warmUp,
    RateLimit rateLimit,
    InetAddressSet trustedProxies,
    @Nullable RedisLedgerBuilder redis,
    TextOptions options) {

  private static final int DEFAULT_PORT = 6550;
  private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(5);
  private static final String OUR_PREFIX = "PIPELY_";

  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "PIPELY_(\\w+_)?"
              + "(SERVICE_(HOST|PORT(_\\w+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

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

  /** Has a password in it, perhaps. */
  private static final Setting<RedisLedgerBuilder> REDIS =
      new Setting<>(
          "PIPELY_REDIS",
          "a URI like 'redis://localhost:6379' or 'rediss://user:password@example.org:6380/0'",
          true,
          RedisLedger::builder);

  /** Those that are the launcher's own. */
  private static final List<Setting<?>> OWN =
      List.of(ADDRESS, PORT, WARM_UP, RATE_LIMIT, TRUSTED_PROXIES, REDIS);

  /**
   * Reads them all.
   *
   * @throws InvalidSettingException where one of them is wrong
   */
  static Settings of(Map<String, String> environment, Map<String, String> systemProperties) {
    Map<String, String> texts = new HashMap<>(environment);
    texts.putAll(systemProperties);
    refuseUnknown(texts);
    Optional<InetSocketAddress> address = ADDRESS.in(texts);
    Optional<Integer> port = PORT.in(texts); // Wrong is wrong, also where ADDRESS wins.
    return new Settings(
        address.orElseGet(() -> new InetSocketAddress(port.orElse(DEFAULT_PORT))),
        WARM_UP.in(texts).orElse(DEFAULT_WARM_UP),
        RATE_LIMIT.in(texts).orElse(RateLimit.OFF),
        TRUSTED_PROXIES.in(texts).orElseGet(InetAddressSet::new),
        REDIS.in(texts).orElse(null),
        options(texts));
  }

  private static TextOptions options(Map<String, String> texts) {
    Map<String, String> options =
        TextOptions.names().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), name -> texts.getOrDefault(variable(name), "")));
    try {
      return TextOptions.of(options, Settings::variable);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(String.valueOf(e.getMessage()));
    }
  }

  private String proxies() {
    return trustedProxies.stream().sorted().collect(Collectors.joining(","));
  }

  private static void refuseUnknown(Map<String, String> texts) {
    Set<String> known =
        Stream.concat(
                OWN.stream().map(Setting::name),
                TextOptions.names().stream().map(Settings::variable))
            .collect(Collectors.toSet());
    for (String name : new TreeSet<>(texts.keySet())) {
      if (name.startsWith(OUR_PREFIX) && !known.contains(name) && !isServiceLink(name, texts)) {
        throw new InvalidSettingException(name + " is not a setting that this server knows");
      }
    }
  }

  /**
   * In every container Kubernetes sets variables for each service: {@code PIPELY_SERVICE_HOST} and
   * {@code PIPELY_PORT_6550_TCP_ADDR} for one called "pipely". {@code PIPELY_PORT=7000} is not of
   * them, but a mistake; theirs is a URL.
   */
  private static boolean isServiceLink(String name, Map<String, String> texts) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && texts.getOrDefault(name, "").contains("://"));
  }

  /** {@code maxBody} is {@code PIPELY_MAX_BODY}. */
  private static String variable(String optionName) {
    return OUR_PREFIX + optionName.replaceAll("(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  /** All that holds, whether it was set or not, in one line without a secret. */
  String effective() {
    Stream<String> shown =
        options.effective().entrySet().stream()
            .map(option -> variable(option.getKey()) + "=" + option.getValue());
    Stream<String> own =
        Stream.of(
            RATE_LIMIT.name() + "=" + rateLimit.text(),
            TRUSTED_PROXIES.name() + "=" + (trustedProxies.isEmpty() ? "(none)" : proxies()),
            REDIS.name() + "=" + (redis == null ? "(none)" : redis),
            WARM_UP.name() + "=" + warmUp.toSeconds());
    return Stream.concat(shown, own).collect(Collectors.joining(" "));
  }
}
