package io.pipely.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Answers;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A way to come to a server and to go again. */
enum Visit {
  FIN_BEFORE_ANY_BYTE(visitor -> visitor.connect().close()),

  RESET_BEFORE_ANY_BYTE(visitor -> visitor.connect().abort()),

  FIN_WITHIN_THE_HEAD(visitor -> visitor.sendPart(visitor.subscribe()).close()),

  RESET_WITHIN_THE_HEAD(visitor -> visitor.sendPart(visitor.subscribe()).abort()),

  FIN_WITHIN_A_BODY(visitor -> visitor.sendAllBut(1, visitor.publish(1000)).close()),

  RESET_WITHIN_A_BODY(visitor -> visitor.sendAllBut(500, visitor.publish(1000)).abort()),

  FIN_WITHIN_A_CHUNK(visitor -> visitor.sendAllBut(500, visitor.publishInChunks()).close()),

  FIN_AFTER_THE_REQUEST(visitor -> visitor.sendAllBut(0, visitor.subscribe()).close()),

  RESET_AFTER_THE_REQUEST(visitor -> visitor.sendAllBut(0, visitor.subscribe()).abort()),

  FIN_AFTER_THE_HEAD(
      visitor -> {
        Http http = visitor.connect();
        assertEquals(200, http.ask(visitor.subscribe()).status());
        http.close();
      }),

  RESET_AFTER_THE_HEAD(
      visitor -> {
        Http http = visitor.connect();
        assertEquals(200, http.ask(visitor.subscribe()).status());
        http.abort();
      }),

  FIN_ON_A_STREAM(visitor -> visitor.join().close()),

  RESET_ON_A_STREAM(visitor -> visitor.join().abort()),

  HTTP_1_0(visitor -> visitor.join(visitor.subscribe().http10()).close()),

  RESET_WITHIN_A_FRAME(
      visitor -> {
        SseClient stream = visitor.joinAndStopReading();
        visitor.publishLarge(2);
        stream.abort();
      }),

  FIN_WHILE_NOTHING_IS_TAKEN(
      visitor -> {
        SseClient stream = visitor.joinAndStopReading();
        visitor.publishLarge(10);
        stream.close();
      }),

  /** It is the server that gives up: no stream is ended here. */
  FORGOTTEN_WHILE_NOTHING_IS_TAKEN(
      10,
      visitor -> {
        SseClient stream = visitor.joinAndStopReading();
        visitor.publishLarge(10);
        visitor.leaveOpen(stream);
      }),

  HALF_CLOSED_STREAM(
      visitor -> {
        Http http = visitor.connect();
        http.send(visitor.subscribe().bytes(visitor.server()));
        http.endOutput();
        visitor.awaitAnswerOrEnd(http);
        http.close();
      }),

  HALF_CLOSED_PUBLISH(
      visitor -> {
        Http http = visitor.connect();
        http.send(visitor.publish(100).bytes(visitor.server()));
        http.endOutput();
        visitor.awaitAnswerOrEnd(http);
        http.abort();
      }),

  KEPT_ALIVE_AND_RESET(
      visitor -> {
        Http http = visitor.connect();
        assertEquals(404, http.ask(RawRequest.get("/nothing")).status());
        visitor.leaveOpen(http::abort);
      }),

  KEPT_ALIVE_AND_USED_AGAIN(
      visitor -> {
        Http http = visitor.connect();
        for (int i = 0; i < 3; i++) {
          Answers.assertAccepted(http.ask(visitor.publish(100)));
        }
        assertEquals(200, http.ask(visitor.subscribe()).status());
        http.abort();
      }),

  PIPELINED(
      visitor -> {
        Http http = visitor.connect();
        for (int i = 0; i < 5; i++) {
          http.send(visitor.publish(100).bytes(visitor.server()));
        }
        Answers.assertAccepted(http.answerTo("POST"));
        http.close();
      }),

  PIPELINED_BEHIND_A_STREAM(
      visitor -> {
        Http http = visitor.connect();
        http.send(visitor.subscribe().bytes(visitor.server()));
        http.send(visitor.publish(100).bytes(visitor.server()));
        visitor.awaitAnswerOrEnd(http);
        http.close();
      }),

  PUBLISH_RESET_BEFORE_THE_ANSWER(visitor -> visitor.sendAllBut(0, visitor.publish(5000)).abort()),

  HEAD(visitor -> visitor.ask(405, RawRequest.of("HEAD", visitor.subscribe().target()))),

  OPTIONS(visitor -> visitor.ask(204, RawRequest.of("OPTIONS", "/publish"))),

  REFUSED_400(visitor -> visitor.ask(400, RawRequest.subscribe("short", "visitor"))),

  REFUSED_401(
      visitor -> visitor.ask(401, RawRequest.subscribe(Visitor.FULL, "visitor", "not-the-one"))),

  REFUSED_404(visitor -> visitor.ask(404, RawRequest.get("/channel/no-channel-0"))),

  REFUSED_413(visitor -> visitor.ask(413, visitor.publish(70_000))),

  /** 414 on Jetty; a servlet container has its own word for it. */
  REFUSED_414(
      visitor -> visitor.askWhatIsTooLong(visitor.subscribe().parameter("x", "x".repeat(20_000)))),

  /** 431 on Jetty. */
  REFUSED_431(
      visitor -> visitor.askWhatIsTooLong(visitor.subscribe().header("X", "x".repeat(20_000)))),

  REFUSED_503(
      visitor ->
          visitor.ask(
              503, RawRequest.subscribe(Visitor.FULL, "visitor", Visitor.PASSWORD_OF_FULL))),

  REFUSED_BY_AN_EVENT(
      visitor -> {
        RawRequest refused = RawRequest.subscribe("short", "visitor").parameter("errors", "event");
        try (SseClient stream = visitor.open(refused)) {
          assertTrue(stream.next().contains("\"REFUSED\""), stream::toString);
          stream.expectEnd();
        }
      }),

  CUT_WITH_A_TOKEN(visitor -> visitor.join(visitor.subscribeWithToken("once")).abort()),

  CUT_WITH_A_TOKEN_AND_BACK(
      2,
      visitor -> {
        RawRequest subscribe = visitor.subscribeWithToken("back");
        SseClient first = visitor.join(subscribe);
        first.abort();
        visitor.join(subscribe.lastEventId(first.lastEventId())).close();
      }),

  /** The stream is ended by the server. */
  LEAVE(
      2,
      visitor -> {
        try (SseClient stream = visitor.join(visitor.subscribeWithToken("leaver"))) {
          visitor.ask(200, visitor.leave("leaver"));
          stream.awaitEnd();
        }
      }),

  LEAVE_IN_THE_GRACE(
      2,
      visitor -> {
        visitor.join(visitor.subscribeWithToken("leaver")).abort();
        visitor.ask(200, visitor.leave("leaver"));
      }),

  /** Two are granted, and end the stream before them; the others are 409. */
  TAKEOVERS_BY_THE_DOZEN(
      12,
      visitor -> {
        List<SseClient> streams = new ArrayList<>();
        RawRequest subscribe = visitor.subscribeWithToken("dozen");
        for (int i = 0; i < 12; i++) {
          streams.add(visitor.open(subscribe));
          assertEquals(i < 3 ? 200 : 409, streams.get(i).status());
        }
        streams.get(0).awaitEnd();
        streams.get(1).awaitEnd();
        for (SseClient stream : streams) {
          stream.abort();
        }
      }),

  A_LARGE_CHANNEL_AT_ONCE(
      50,
      visitor -> {
        List<SseClient> streams = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          streams.add(visitor.join());
        }
        for (SseClient stream : streams) {
          if (visitor.isLucky()) {
            stream.close();
          } else {
            stream.abort();
          }
        }
      });

  /** What is done. */
  @FunctionalInterface
  interface Course {
    void of(Visitor visitor) throws IOException;
  }

  private final int cost;

  @SuppressWarnings("ImmutableEnumChecker") // No course has a state.
  private final Course course;

  Visit(Course course) {
    this(1, course);
  }

  Visit(int cost, Course course) {
    this.cost = cost;
    this.course = course;
  }

  /** How many times more rarely than the others it is to be made. */
  int cost() {
    return cost;
  }

  void make(Visitor visitor) throws IOException {
    try {
      course.of(visitor);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(this + " failed", e);
    }
  }

  static List<Visit> all() {
    return Arrays.asList(values());
  }
}
