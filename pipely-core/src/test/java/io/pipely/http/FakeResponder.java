package io.pipely.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An adapter's side of one request, which remembers its answer. */
final class FakeResponder implements Responder {

  private final FakeSink sink;
  private final List<Reply> replies = new ArrayList<>();
  private final List<Reply> heads = new ArrayList<>();
  private Runnable gone;

  FakeResponder() {
    this(new FakeSink(false));
  }

  FakeResponder(FakeSink sink) {
    this.sink = sink;
  }

  @Override
  public void reply(Reply reply) {
    replies.add(reply);
  }

  @Override
  public Sink stream(Reply head, Runnable whenGone) {
    heads.add(head);
    gone = whenGone;
    return sink;
  }

  /** The one answer. */
  Reply reply() {
    assertEquals(1, replies.size() + heads.size(), "answers");
    return replies.isEmpty() ? heads.get(0) : replies.get(0);
  }

  boolean isStream() {
    return !heads.isEmpty();
  }

  FakeSink sink() {
    return sink;
  }

  int status() {
    return reply().status();
  }

  String body() {
    return StandardCharsets.UTF_8.decode(reply().body().duplicate()).toString();
  }

  /** The values of a header. */
  List<String> headers(String name) {
    return reply().headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** The value of a header that is there once. */
  String header(String name) {
    assertEquals(1, headers(name).size(), () -> name + " in " + reply().headers());
    return headers(name).get(0);
  }

  /** The client has gone. */
  void loseConnection() {
    assertNotNull(gone, "no stream");
    gone.run();
  }
}
