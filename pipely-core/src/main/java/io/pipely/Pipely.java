package io.pipely;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All channels of one server or application: the entry point.
 *
 * <p>Every operation answers through an {@link Answer}. Safe for use by several threads; no
 * operation blocks, unless an {@link Authorizer} does; closing may wait.
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

  /** Publishes one event. */
  void publish(Publication publication, Answer<? super Receipt> answer);

  /**
   * Publishes 1 to 64 events of one channel, all of them or none; nothing comes between them. Where
   * one is refused, {@link Answer#refused(Refusal, int)} says which.
   */
  void publish(List<Publication> publications, Answer<? super List<Receipt>> answer);

  /**
   * Publishes as {@code server}: short for {@link Publication#ofServer}.
   *
   * @param payload any object that Jackson can write
   * @throws IllegalArgumentException where the payload cannot be written as JSON
   */
  default void publish(
      String channelId, String type, @Nullable Object payload, Answer<? super Receipt> answer) {
    publish(Publication.ofServer(channelId, type, payload), answer);
  }

  /**
   * Has a member leave that joined with a token, whatever became of its connection.
   *
   * @param token the one it joined with, otherwise it is refused
   * @param answer is given the member's id in its own spelling
   */
  void leave(
      String channelId, String clientId, @Nullable String token, Answer<? super String> answer);

  /**
   * Looks at one channel in the application's own name; refused with {@link
   * Refusal#NO_SUCH_CHANNEL} where there is none.
   */
  void look(String channelId, Answer<? super ChannelInfo> answer);

  /** Looks at one channel as somebody who has its password, or the server's key. */
  void look(
      String channelId, Credentials credentials, Caller caller, Answer<? super ChannelInfo> answer);

  /** Looks at all channels in the application's own name; they are in no particular order. */
  void look(Answer<? super List<ChannelInfo>> answer);

  /** Looks at all channels as somebody who has the server's key. */
  void look(Credentials credentials, Answer<? super List<ChannelInfo>> answer);

  /** Whether there is an {@link Authorizer}, which may take its time on the caller's thread. */
  boolean hasAuthorizer();

  /** How many bytes of a channel's newest events are kept: see {@link PipelyBuilder#keep}. */
  int keepBytes();

  /** After which time without a move a batch ends its stream: {@link PipelyBuilder#stall}. */
  Duration stall();

  /** How many channels and members there are now. */
  Stats stats();

  /**
   * Ends every membership with {@link EndReason#CLOSED} in good order. From here on everything is
   * refused with {@link Refusal#SHUTTING_DOWN}; each subscriber is handed what was published, and
   * told of the end when it has completed that. Waits until all have been told, and then for no
   * more than the time given: {@link #close()} follows, also where the thread is interrupted. May
   * be called again.
   *
   * @param atMost not negative; a subscriber that does not complete its batches takes all of it
   */
  void close(Duration atMost);

  /**
   * Ends every membership with {@link EndReason#CLOSED} at once, whatever is on its way; from here
   * on everything is refused with {@link Refusal#SHUTTING_DOWN}. May be called again.
   */
  @Override
  void close();
}
