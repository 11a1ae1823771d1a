package io.pipely.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Answers;
import io.pipely.contract.Events;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Somebody who visits a server again and again, in a channel of its own in which one member stays.
 * Not for use by several threads.
 */
final class Visitor implements AutoCloseable {

  /** A channel that has as many members as it may have. */
  static final String FULL = "full-channel";

  static final String PASSWORD_OF_FULL = "secret";

  /** How many may be in a channel. */
  static final int MAX_MEMBERS = 80;

  private static final int LARGE = 60_000;
  private static final int SMALL_BUFFER = 4 << 10;

  /** How many connections are left open at most, until the oldest is closed. */
  private static final int LEFT_OPEN = 8;

  private final URI server;
  private final Random random;
  private final String channelId;
  private final SseClient resident;
  private final Deque<AutoCloseable> leftOpen = new ArrayDeque<>();
  private int connects;

  Visitor(URI server, int number, Random random) throws IOException {
    this.server = server;
    this.random = random;
    this.channelId = "visited-%04d".formatted(number);
    this.resident = SseClient.open(server, RawRequest.subscribe(channelId, "resident"));
    resident.next();
  }

  /** Fills a channel. */
  static List<SseClient> fill(URI server, String channelId) throws IOException {
    List<SseClient> residents = new ArrayList<>();
    for (int i = 0; i < MAX_MEMBERS; i++) {
      RawRequest subscribe = RawRequest.subscribe(channelId, "resident-" + i, PASSWORD_OF_FULL);
      residents.add(SseClient.open(server, subscribe.parameter("presence", "none")));
      residents.get(i).next();
    }
    return residents;
  }

  /** Makes each visit once, and then any at random, until there have been so many connects. */
  void makeVisits(int atLeast) throws Exception {
    List<Visit> visits = Visit.all();
    for (int i = 0; i < visits.size() || connects < atLeast; i++) {
      boolean isFirst = i < visits.size();
      Visit visit = visits.get(isFirst ? i : random.nextInt(visits.size()));
      if (isFirst || random.nextInt(visit.cost()) == 0) {
        visit.make(this);
      }
      while (leftOpen.size() > LEFT_OPEN) {
        leftOpen.remove().close();
      }
    }
  }

  URI server() {
    return server;
  }

  boolean isLucky() {
    return random.nextBoolean();
  }

  Http connect() throws IOException {
    connects++;
    return Http.connect(server);
  }

  SseClient open(RawRequest request) throws IOException {
    return open(request, 0);
  }

  private SseClient open(RawRequest request, int receiveBuffer) throws IOException {
    connects++;
    return SseClient.open(server, request, receiveBuffer);
  }

  /** A request to join under an id that nobody else has. */
  RawRequest subscribe() {
    return RawRequest.subscribe(channelId, newClientId());
  }

  private String newClientId() {
    return "visitor-" + connects + "-" + random.nextInt(1_000_000);
  }

  /** Of one client for each connect and name. */
  RawRequest subscribeWithToken(String name) {
    return RawRequest.subscribe(channelId, name + connects).token(tokenOf(name + connects));
  }

  /** Of the client that joined with a token by the connect before. */
  RawRequest leave(String name) {
    String clientId = name + (connects - 1);
    return RawRequest.leave(channelId, clientId, tokenOf(clientId));
  }

  private static String tokenOf(String clientId) {
    return "the-token-of-" + clientId;
  }

  SseClient join() throws IOException {
    return join(subscribe());
  }

  SseClient join(RawRequest request) throws IOException {
    SseClient stream = open(request);
    assertEquals(200, stream.status(), request::toString);
    stream.next();
    return stream;
  }

  SseClient joinAndStopReading() throws IOException {
    SseClient stream = open(subscribe(), SMALL_BUFFER);
    stream.next();
    stream.stopReading();
    return stream;
  }

  RawRequest publish(int payload) {
    return RawRequest.publish(event(payload));
  }

  RawRequest publishInChunks() {
    byte[] body = event(5000).getBytes(StandardCharsets.UTF_8);
    return RawRequest.of("POST", "/publish").chunkedBody(body);
  }

  private String event(int payload) {
    return Events.event(channelId, "chat", "visitor", Events.quoted("x".repeat(payload)));
  }

  /** More than a small receive buffer holds. */
  void publishLarge(int times) throws IOException {
    try (Http http = connect()) {
      for (int i = 0; i < times; i++) {
        Answers.assertAccepted(http.ask(publish(LARGE)));
      }
    }
  }

  void ask(int status, RawRequest request) throws IOException {
    Http http = connect();
    Http.Response answer = http.ask(request);
    assertEquals(status, answer.status(), () -> request + ": " + answer);
    end(http);
  }

  /** The connection may be reset before the request is sent whole, and the answer with it. */
  void askWhatIsTooLong(RawRequest request) throws IOException {
    Http http = connect();
    http.send(request.bytes(server));
    try {
      int status = http.answerTo("GET").status();
      assertTrue(status == 414 || status == 431 || status == 400, "status " + status);
    } catch (IOException e) {
      // Reset.
    }
    end(http);
  }

  private void end(Http http) throws IOException {
    if (isLucky()) {
      http.close();
    } else {
      http.abort();
    }
  }

  Http sendPart(RawRequest request) throws IOException {
    return sendAllBut(1 + random.nextInt(request.bytes(server).length - 1), request);
  }

  Http sendAllBut(int last, RawRequest request) throws IOException {
    byte[] bytes = request.bytes(server);
    Http http = connect();
    http.send(Arrays.copyOf(bytes, bytes.length - last));
    return http;
  }

  /** A server may take the end of the output for the end of the client. */
  void awaitAnswerOrEnd(Http http) throws IOException {
    try {
      assertEquals(200, http.answerTo("GET").status());
    } catch (AssertionError e) {
      if (!String.valueOf(e.getMessage()).startsWith("no answer")) {
        throw e;
      }
    } catch (IOException e) {
      // Reset.
    }
  }

  /** It is closed after some more visits. */
  void leaveOpen(AutoCloseable connection) {
    leftOpen.add(connection);
  }

  /** How many connections there have been. */
  int connects() {
    return connects;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable connection : leftOpen) {
      connection.close();
    }
    resident.close();
  }
}
