package io.pipely.example.embedded;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Pipely;
import io.pipely.Publication;
import io.pipely.Subscriber;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A member without a socket, who keeps a channel open and tells each newcomer who is there. */
final class Steward {

  private static final String NAME = "steward";

  private final Pipely pipely;
  private final String channelId;
  private final Executor executor;

  /** Nobody else can come, or speak, under the steward's name. */
  private final String token = UUID.randomUUID().toString();

  /** Where to go on, so that nothing is missed and nothing taken twice. */
  private volatile @Nullable String lastEventId;

  /**
   * One that is yet to begin.
   *
   * @param executor runs one thing after the other
   */
  Steward(Pipely pipely, String channelId, Executor executor) {
    this.pipely = pipely;
    this.channelId = channelId;
    this.executor = executor;
  }

  /** Joins; or comes back, in the same place, which the others do not notice. */
  void begin() {
    Join join = Join.of(channelId, NAME).token(token).lastEventId(lastEventId);
    Subscriber subscriber = Subscriber.on(executor, this::take);
    Answer.future(answer -> pipely.join(join, subscriber, answer)).join();
  }

  private void take(Event event) {
    if (event.id() != null) {
      lastEventId = event.id();
    }
    if (event.type().equals("CONNECT") && !event.originId().equals(NAME)) {
      welcome(event.originId());
    } else if (event.type().equals("recap")) {
      var unused =
          Recap.of(pipely, channelId, 3, executor).thenAccept(e -> recall(event.originId(), e));
    }
  }

  /** Tells the newcomer alone who is there. */
  private void welcome(String clientId) {
    pipely.look(
        channelId,
        Answer.<ChannelInfo>of(
            channel -> tell(clientId, "welcome", Map.of("members", channel.clients())),
            why -> {})); // The channel has ended meanwhile.
  }

  private void recall(String clientId, List<Event> events) {
    tell(clientId, "history", events.stream().map(Event::type).toList());
  }

  private void tell(String clientId, String type, Object payload) {
    Publication publication = Publication.ofServer(channelId, type, payload).to(List.of(clientId));
    pipely.publish(publication, Answer.of(receipt -> {}, why -> {})); // Who has gone hears nothing.
  }
}
