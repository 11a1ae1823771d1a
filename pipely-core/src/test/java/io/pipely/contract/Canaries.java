package io.pipely.contract;

import static io.pipely.contract.Events.CHANNEL;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests with secrets in all the places where somebody puts one, by right or by mistake. Each
 * secret has the word canary in it, which nothing else has: where it is seen, a secret is.
 */
public final class Canaries extends RawCorpus {

  /** In every secret, and nowhere else. */
  public static final String WORD = "canary";

  public static final String PASSWORD = "canary-password-7f3a9c";
  public static final String TOKEN = "canary-token-5b1c9d20e4";
  public static final String SERVER_KEY = "canary-key-9d2e71b0";

  private static final String IN_QUERY = "password=" + PASSWORD + "&token=" + TOKEN;
  private static final String IDS = "channelId=" + CHANNEL + "&clientId=bob";
  private static final String SUBSCRIBE = "$MOUNT/subscribe?" + IDS + "&";

  private final URI server;

  public Canaries(URI server) {
    super(server);
    this.server = server;
  }

  /** Joins with a password and a token. */
  public static RawRequest join(String clientId) {
    return RawRequest.subscribe(CHANNEL, clientId, PASSWORD).parameter("token", TOKEN);
  }

  /** Sends them all, each on a connection of its own, and gives what was answered. */
  public List<Http.Response> send() throws IOException {
    List<Http.Response> answers = new ArrayList<>();
    for (String request : requests()) {
      Http.Response answer = answerTo(request);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  /** Null where there is none, or none that is HTTP/1. */
  private Http.Response answerTo(String request) throws IOException {
    try (Http http = Http.connect(server)) {
      http.send(request.getBytes(StandardCharsets.ISO_8859_1));
      http.endOutput();
      return http.nextAnswer("GET");
    } catch (SocketException | AssertionError e) {
      return null;
    }
  }

  private List<String> requests() {
    List<String> all = new ArrayList<>();
    queries(all);
    headers(all);
    bodies(all);
    return all;
  }

  private void queries(List<String> all) {
    for (String target :
        List.of(
            SUBSCRIBE + IN_QUERY.replace("a9c", "wrong"),
            SUBSCRIBE + IN_QUERY + "&errors=event&history=x",
            SUBSCRIBE + IN_QUERY + "%",
            SUBSCRIBE + IN_QUERY + "%zz",
            SUBSCRIBE + IN_QUERY + "%ff",
            SUBSCRIBE + IN_QUERY + "\u00e4",
            SUBSCRIBE + IN_QUERY + "\0",
            SUBSCRIBE + IN_QUERY + " x",
            SUBSCRIBE + IN_QUERY + "&" + IN_QUERY,
            SUBSCRIBE + IN_QUERY + "&" + IN_QUERY + "&errors=event",
            SUBSCRIBE + IN_QUERY + "&presence=" + PASSWORD + "&history=" + TOKEN,
            SUBSCRIBE + "token=" + TOKEN + "!",
            SUBSCRIBE + "password=" + PASSWORD + "%0a",
            SUBSCRIBE + "password=" + PASSWORD.repeat(50),
            SUBSCRIBE + IN_QUERY + "&x=" + "x".repeat(17 << 10),
            "$MOUNT/subscribe?" + IN_QUERY,
            "$MOUNT/subscribe%3F" + IN_QUERY,
            "$MOUNT/subscribe%253F" + IN_QUERY,
            "$MOUNT/subscribe&" + IN_QUERY,
            "$MOUNT/subscribe;" + IN_QUERY,
            "$MOUNT/subscribe#" + IN_QUERY,
            "$MOUNT/subscribe\\?" + IN_QUERY,
            "$MOUNT/channels?" + IN_QUERY,
            "$MOUNT/channel/" + CHANNEL + "?" + IN_QUERY,
            "$MOUNT/publish?" + IN_QUERY,
            "$MOUNT/nothing?" + IN_QUERY,
            "$MOUNT//subscribe?" + IN_QUERY,
            "$MOUNT/%2e%2e/subscribe?" + IN_QUERY,
            "/nothing?" + IN_QUERY,
            "/../nothing?" + IN_QUERY,
            "http://$HOST$MOUNT/nothing?" + IN_QUERY,
            "http://other.example/nothing?" + IN_QUERY)) {
      all.add(request("GET " + target + " HTTP/1.1", "", ""));
    }
    for (String method : List.of("POST", "DELETE", "TRACE", "CONNECT", "OPTIONS", "get", "G{T")) {
      all.add(request(method + " " + SUBSCRIBE + IN_QUERY + " HTTP/1.1", "", ""));
    }
    for (String version : List.of("", " HTTP/9.9", " HTTP/2.0", " XTTP/1.1", " HTTP/1.1 x")) {
      all.add(request("GET " + SUBSCRIBE + IN_QUERY + version, "", ""));
    }
    String get = "GET " + SUBSCRIBE + IN_QUERY + " HTTP/1.1";
    for (String header :
        List.of("no colon", "X : y", "X: \0", "Expect: x", "Host: x", "Transfer-Encoding: x")) {
      all.add(request(get, header, ""));
    }
    all.add(request(get, "X: " + "y".repeat(17 << 10), ""));
    all.add(request(get, "X: y", "").replace("\r\n", "\n"));
    all.add(request(get, "X: y", "").replace("Host", "No-Host"));
  }

  private void headers(List<String> all) {
    String publish = event("good");
    for (String header :
        List.of(
            "Authorization: Password " + PASSWORD + "x",
            "Authorization: Password  " + PASSWORD,
            "Authorization: " + PASSWORD,
            "Authorization: Basic " + PASSWORD,
            "Authorization: Bearer " + SERVER_KEY + "x",
            "Authorization: Password " + PASSWORD + "\r\nAuthorization: Bearer " + SERVER_KEY + "x",
            "Authorization : Password " + PASSWORD,
            "Authorization: Password " + PASSWORD + "\0",
            "Authorization: Password " + PASSWORD + "\u0001",
            "Authorization: Password\r\n " + PASSWORD,
            "Authorization Password " + PASSWORD,
            "Auth{orization: Password " + PASSWORD,
            "Authorization: Password " + PASSWORD.repeat(1_000),
            "Pipely-Token: " + TOKEN + "x",
            "Pipely-Token: " + TOKEN + "!",
            "Pipely-Token: " + TOKEN + "\0",
            PASSWORD + ": x",
            PASSWORD)) {
      String needed = header + LINE_END + length(publish);
      all.add(publish(needed, publish));
      all.add(publish(needed, publish.replace("\"ann\"", "\"server\"")));
      all.add(request("GET " + SUBSCRIBE + " HTTP/1.1", header, ""));
      all.add(request("GET $MOUNT/channels HTTP/1.1", header, ""));
      all.add(request("GET $MOUNT/channel/" + CHANNEL + " HTTP/1.1", header, ""));
    }
  }

  private void bodies(List<String> all) {
    String leave = "{\"channel_id\":\"" + CHANNEL + "\",\"client_id\":\"ann\",\"token\":";
    for (String body :
        List.of(
            leave + "\"" + TOKEN + "x\"}",
            leave + "\"" + TOKEN,
            leave + TOKEN + "}",
            leave + "canary}",
            leave + "'" + TOKEN + "'}",
            leave + "[\"" + TOKEN + "\"]}",
            leave + "\"" + TOKEN + "\"}" + TOKEN,
            leave + "\"" + TOKEN + "\",\"token\":\"" + TOKEN + "\"}",
            leave + "\"" + TOKEN + "\\x\"}",
            leave + "\"" + TOKEN + "\u00ff\"}",
            TOKEN,
            IN_QUERY,
            leave + "\"" + TOKEN.repeat(4_000) + "\"}")) {
      for (String path : List.of("leave", "publish", "nothing")) {
        String line = "POST $MOUNT/" + path + " HTTP/1.1";
        all.add(request(line, length(body), body));
        all.add(request(line, "Content-Length: 9999", body)); // The rest never comes.
        all.add(request(line, "Transfer-Encoding: chunked", chunk(body) + "x"));
        all.add(request(line, "Transfer-Encoding: chunked", body));
        all.add(request(line, "", body)); // To be read as the next request.
      }
    }
  }
}
