package io.pipely.http;

import io.pipely.Answer;
import io.pipely.Payload;
import io.pipely.Pipely;
import io.pipely.Publication;
import io.pipely.Receipt;
import java.util.concurrent.atomic.AtomicLong;

/** One channel whose members are event streams, all at rest. Not for use by several threads. */
final class Audience implements AutoCloseable {

  private static final String CHANNEL = "bench-000000";

  private static final Publication PUBLICATION =
      Publication.of(CHANNEL, "bench", "publisher", Payload.of("x".repeat(98)));

  private static final Answer<Receipt> ACCEPTED =
      Answer.of(
          receipt -> {},
          why -> {
            throw new IllegalStateException("refused: " + why.message());
          });

  private final Pipely pipely = Pipely.create();
  private final int members;

  /** How often a member was written to. Members at rest are written to once for each event. */
  private final AtomicLong writes = new AtomicLong();

  private Audience(int members) {
    this.members = members;
  }

  /** Lets so many members join, and waits until all have been told of the last. */
  static Audience of(int members) {
    Audience audience = new Audience(members);
    PipelyHttp http = PipelyHttp.of(audience.pipely);
    for (int i = 0; i < members; i++) {
      // A newcomer is told of itself, and all that are there are told of it.
      long told = audience.writes.get() + i + 1;
      http.handle(subscribe(i), new NoOpClient(audience.writes));
      audience.await(told);
    }
    return audience;
  }

  /**
   * Publishes one event and waits until all members have been handed it.
   *
   * @return how many they are
   */
  int publish() {
    long told = writes.get() + members;
    pipely.publish(PUBLICATION, ACCEPTED);
    await(told);
    return members;
  }

  /** How often members have been written to, by now. */
  long writes() {
    return writes.get();
  }

  /** Many members are served by another thread; a change of threads would be measured too. */
  private void await(long told) {
    while (writes.get() < told) {
      Thread.onSpinWait();
    }
  }

  private static Request subscribe(int member) {
    String query = "channelId=" + CHANNEL + "&clientId=member-" + member;
    return new Request("GET", "/subscribe", query, name -> null, new byte[0], null);
  }

  @Override
  public void close() {
    pipely.close();
  }
}
