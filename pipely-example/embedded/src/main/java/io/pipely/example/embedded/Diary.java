package io.pipely.example.embedded;

import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.PipelyListener;
import io.pipely.Refusal;
import java.util.function.Consumer;

/** Writes down what happens. It is told on a thread of its own, so it may take its time. */
final class Diary implements PipelyListener {

  private final Consumer<String> lines;

  Diary(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void joined(String channelId, String clientId) {
    lines.accept(clientId + " has come");
  }

  @Override
  public void lost(String channelId, String clientId) {
    lines.accept(clientId + " is away");
  }

  @Override
  public void takenOver(String channelId, String clientId) {
    lines.accept(clientId + " is back");
  }

  @Override
  public void left(String channelId, String clientId, EndReason why) {
    lines.accept(clientId + " has gone: " + why);
  }

  @Override
  public void published(Event event, int recipients) {
    lines.accept(event.originId() + " said " + event.type() + " to " + recipients);
  }

  @Override
  public void refused(String channelId, String clientId, Refusal why) {
    lines.accept(clientId + " was refused: " + why.message());
  }

  @Override
  public void missed(long count) {
    lines.accept("and " + count + " things more");
  }
}
