package io.pipely.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pipely.Credentials;
import io.pipely.Join;
import io.pipely.Refusal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the protocol's document says that a subscribe request means. An empty text is none.
 *
 * @param history at most {@link #MUCH_HISTORY}
 * @param refusals what is wrong with it, if anything is
 */
record ExpectedJoin(
    String channelId,
    String clientId,
    String password,
    String serverKey,
    String token,
    String lastEventId,
    int history,
    boolean isPresenceWanted,
    List<Refusal> refusals) {

  /** More events than any channel keeps; of what is more it does not matter how much. */
  private static final int MUCH_HISTORY = 999_999_999;

  static ExpectedJoin of(PercentDecoder query, Map<String, String> headers) {
    Map<String, String> parameters = query.parameters();
    String authorization = headers.getOrDefault("Authorization", "");
    String history = parameters.getOrDefault("history", "");
    String presence = parameters.getOrDefault("presence", "");
    List<Refusal> refusals = new ArrayList<>(query.refusal().stream().toList());
    if (refusals.isEmpty() && !history.matches("[0-9]*+")) {
      refusals.add(Refusal.INVALID_HISTORY);
    }
    if (query.refusal().isEmpty() && !List.of("", "none").contains(presence)) {
      refusals.add(Refusal.INVALID_PRESENCE);
    }
    return new ExpectedJoin(
        parameters.getOrDefault("channelId", ""),
        parameters.getOrDefault("clientId", ""),
        first(after("password ", authorization), parameters.get("password")),
        after("bearer ", authorization),
        first(headers.get("Pipely-Token"), parameters.get("token")),
        first(headers.get("Last-Event-ID"), parameters.get("lastEventId")),
        refusals.isEmpty() ? history(history) : 0,
        presence.isEmpty(),
        refusals);
  }

  /** The same of what a request was read as. */
  static ExpectedJoin meant(Join join) {
    Credentials credentials = join.credentials();
    return new ExpectedJoin(
        join.channelId(),
        join.clientId(),
        first(credentials.password(), null),
        first(credentials.serverKey(), null),
        first(credentials.token(), null),
        first(join.lastEventId(), null),
        Math.min(join.history(), MUCH_HISTORY),
        join.isPresenceWanted(),
        List.of());
  }

  private static int history(String digits) {
    BigInteger number = new BigInteger("0" + digits);
    return number.min(BigInteger.valueOf(MUCH_HISTORY)).intValueExact();
  }

  private static String first(String header, String parameter) {
    String rest = parameter == null ? "" : parameter;
    return header == null || header.isEmpty() ? rest : header;
  }

  private static String after(String scheme, String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(scheme)) {
      return "";
    }
    String secret = authorization.substring(scheme.length());
    return Utf8.read(secret.getBytes(ISO_8859_1)).orElse(secret);
  }
}
