package io.pipely.bench;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;

/** Publishes events, and knows how many deliveries there have to be. */
final class Publisher implements Pacer.Outlet {

  private final HttpClient client;
  private final List<URI> urls;
  private final Channels channels;
  private final List<Message> messages;
  private final Troubles troubles;
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder expected = new LongAdder();

  Publisher(HttpClient client, LoadOptions options, Channels channels, Troubles troubles) {
    this.client = client;
    this.channels = channels;
    this.urls =
        channels.ids().stream()
            .map(id -> URI.create(options.publishUrl() + options.publish(id)))
            .toList();
    this.messages = channels.ids().stream().map(id -> new Message(id, options.payload())).toList();
    this.troubles = troubles;
  }

  /** As soon as a connection is free. */
  @Override
  public void publish(int channel, long time, int slot) {
    sent.increment();
    expected.add(channels.members(channel));
    client
        .newRequest(urls.get(channel))
        .method(HttpMethod.POST)
        .body(new BytesRequestContent("application/json", messages.get(channel).with(time, slot)))
        .send(this::answered);
  }

  private void answered(Result result) {
    if (result.isFailed()) {
      troubles.failed("publication", result.getFailure());
    } else if (HttpStatus.isSuccess(result.getResponse().getStatus())) {
      accepted.increment();
    } else {
      troubles.refused("publication", result.getResponse());
    }
    answered.increment();
  }

  long sent() {
    return sent.sum();
  }

  long answered() {
    return answered.sum();
  }

  long accepted() {
    return accepted.sum();
  }

  /** How many deliveries there have to be of what has been sent, accepted or not. */
  long expected() {
    return expected.sum();
  }
}
