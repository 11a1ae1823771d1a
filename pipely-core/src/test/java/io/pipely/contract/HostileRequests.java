package io.pipely.contract;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes requests that no client with good intentions would send. The same seed makes the same. */
final class HostileRequests {

  private static final List<String> METHODS =
      List.of("GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "TRACE", "X", "get", "G\0T");

  private static final List<String> PATHS =
      List.of(
          "/subscribe",
          "/publish",
          "/channels",
          "/channel/channel-0001",
          "/channel/%00%ff%2f..",
          "/channel/" + "%F0%9F%98%80".repeat(12),
          "/../subscribe",
          "/subscribe/%2e%2e/publish",
          "//subscribe",
          "/subscribe;x=y",
          "/%",
          "/",
          "*");

  private static final List<String> QUERIES =
      List.of(
          "channelId=channel-0001",
          "clientId=ann",
          "clientId=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80",
          "clientId=" + "a".repeat(5000),
          "password=%00",
          "password=" + "%20".repeat(300),
          "channelId=%ED%A0%80",
          "clientId=\u00ff\u00fe",
          "clientId=a%0d%0aX: y",
          "%",
          "=",
          "token=",
          "lastEventId=x-99999999999999999999",
          "history=-1");

  private static final List<String> HEADERS =
      List.of(
          "Authorization: Password \u00ff\u00c3",
          "Authorization: " + "x".repeat(3000),
          "Authorization:",
          "Origin: https://a.example\u00ff",
          "Last-Event-ID: \u00ff-1",
          "Content-Length: -1",
          "Content-Length: 1\r\nContent-Length: 2",
          "Content-Length: 99999999999999999999",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 5",
          "Content-Encoding: gzip",
          "Content-Type: \u00ff",
          "Connection: Upgrade\r\nUpgrade: h2c",
          "Expect: 100-continue",
          "Host: other.example",
          "X\0Y: z",
          " folded: yes",
          "no colon");

  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[",
          "[{}]",
          "null",
          "ffffffffff\r\n",
          "{\"channel_id\":\"channel-0001\",\"type\":\"GAP\",\"origin_id\":\"ann\"}",
          "{\"channel_id\":\"channel-0001\",\"type\":\"chat\",\"origin_id\":\"ann\",\"payload\":1}",
          "{\"payload\":" + "[".repeat(1000),
          "{\"payload\":" + "9".repeat(2000) + "}",
          "{\"payload\":1e" + "9".repeat(2000) + "}",
          "{\"" + "\\u0061".repeat(1000) + "\":\"\\ud800\"}");

  private final Random random;
  private final URI server;

  HostileRequests(long seed, URI server) {
    this.random = new Random(seed);
    this.server = server;
  }

  byte[] next() {
    return switch (random.nextInt(4)) {
      case 0 -> noise();
      case 1 -> damaged(RawRequest.get(oneOf(PATHS) + "?" + query()).bytes(server));
      case 2 -> damaged(RawRequest.publish(oneOf(BODIES)).bytes(server));
      default -> patchwork();
    };
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(300)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] patchwork() {
    StringBuilder text = new StringBuilder();
    text.append(oneOf(METHODS)).append(' ').append(server.getRawPath()).append(oneOf(PATHS));
    text.append('?').append(query()).append(" HTTP/1.").append(random.nextInt(2)).append("\r\n");
    text.append("Host: x\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(oneOf(HEADERS)).append("\r\n");
    }
    text.append("\r\n").append(oneOf(BODIES));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String query() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(oneOf(QUERIES)).append('&');
    }
    return text.toString();
  }

  /** The request with some bytes changed, left out, put in, or its end cut off. */
  private byte[] damaged(byte[] request) {
    byte[] bytes = request;
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> out.write(random.nextInt(256));
        case 1 -> out.writeBytes(noise());
        case 2 -> out.write(bytes, at, bytes.length - at);
        default -> out.write(bytes[at] ^ 1 << random.nextInt(8));
      }
      out.write(bytes, at + 1, bytes.length - at - 1);
      bytes = out.toByteArray();
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  private String oneOf(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
