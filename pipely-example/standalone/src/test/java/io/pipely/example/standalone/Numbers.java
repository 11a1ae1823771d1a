package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Publishes 0, 1, 2 and so on to a channel, as the server, so that who has heard them can tell what
 * is missing. For one thread at a time.
 */
final class Numbers {

  /** The server's. */
  static final String KEY = "the-key-of-the-server";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Supplier<URI> server;
  private final String channel;
  private final AtomicInteger published = new AtomicInteger();

  Numbers(Supplier<URI> server, String channel) {
    this.server = server;
    this.channel = channel;
  }

  /** The next so many, in one request. */
  void publish(int count) throws IOException, InterruptedException {
    String events =
        IntStream.range(published(), published() + count)
            .mapToObj(this::event)
            .collect(Collectors.joining(",", "[", "]"));
    HttpRequest request =
        HttpRequest.newBuilder(server.get().resolve("/publish"))
            .header("Authorization", "Bearer " + KEY)
            .POST(HttpRequest.BodyPublishers.ofString(events))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer::body);
    published.addAndGet(count);
  }

  private String event(int number) {
    return "{\"channel_id\":\"%s\",\"type\":\"n\",\"origin_id\":\"server\",\"payload\":%d}"
        .formatted(channel, number);
  }

  /** How many there have been. */
  int published() {
    return published.get();
  }
}
