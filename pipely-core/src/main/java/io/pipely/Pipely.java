package io.pipely;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All channels of one server or application: the entry point.
 *
 * <p>Every operation answers through an {@link Answer}. Safe for use by several threads; no
 * operation blocks.
 *
 * <pre>{@code
 * try (Pipely pipely = Pipely.create()) {
 *   pipely.join(Join.of("my-channel-1", "auditor"), Subscriber.on(executor, System.out::println), ...);
 *   pipely.publish("my-channel-1", "score", Map.of("home", 1, "guest", 0), ...);
 * }
 * }</pre>
 */
public interface Pipely extends AutoCloseable {

  /** With all options at their defaults. */
  static Pipely create() {
    return builder().build();
  }

  static PipelyBuilder builder() {
    return new PipelyBuilder();
  }

  /**
   * Joins a channel, or creates it. The answer comes before the first batch; that one begins with
   * {@code CLIENT_LIST} and the member's own {@code CONNECT}.
   */
  void join(Join join, Subscriber subscriber, Answer<? super Membership> answer);

  /** Publishes on behalf of a client, under the rules that hold for clients. */
  void publish(Publication publication, Answer<? super Receipt> answer);

  /**
   * Publishes as {@code server}. The application that embeds Pipely is trusted: it needs no
   * password.
   *
   * @param payload any object that Jackson can write
   * @throws IllegalArgumentException where the payload cannot be written as JSON
   */
  void publish(
      String channelId, String type, @Nullable Object payload, Answer<? super Receipt> answer);

  /** Looks at one channel; refused with {@link Refusal#NO_SUCH_CHANNEL} where there is none. */
  void look(String channelId, Answer<? super ChannelInfo> answer);

  /** Looks at all channels, in no particular order. */
  void look(Answer<? super List<ChannelInfo>> answer);

  /** How many channels and members there are now. */
  Stats stats();

  /**
   * Ends every membership with {@link EndReason#CLOSED}; from here on everything is refused with
   * {@link Refusal#SHUTTING_DOWN}. May be called again.
   */
  @Override
  void close();
}
