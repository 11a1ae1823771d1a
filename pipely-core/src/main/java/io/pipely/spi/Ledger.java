package io.pipely.spi;

import io.pipely.ChannelInfo;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the truth about channels that several nodes share: who is a member, and the log. It knows
 * no rule: a node decides by what it knows, and has its {@link Change} entered if that still holds.
 * What is entered, by whichever node, comes to all that follow the channel, in one order.
 *
 * <p>Safe for use by several threads. No method blocks, but for {@link #close}. Whatever is called
 * back may be called on any thread, before the method returns even, with no lock held.
 */
public interface Ledger extends AutoCloseable {

  /**
   * What this process is called among the nodes: a short word of letters and digits, new at every
   * start, unlike any other's.
   */
  String node();

  /**
   * The key under which all nodes hash secrets, at least 32 bytes: another one than before where
   * nodes that began apart have agreed on one. Asked for each time, and so from memory.
   */
  byte[] key();

  /** Begins; called once, before anything else but the two above. */
  void start(Nodes nodes);

  /**
   * Follows a channel, which need not be there: {@link Feed#reset} is called, and from then on
   * whatever happens to the channel. Called for no channel that is followed.
   *
   * @param opened true once {@link Feed#reset} has returned; false where the store is not to be
   *     had: then the channel is not followed
   */
  void open(String channelId, Feed feed, Consumer<Boolean> opened);

  /**
   * Enters a change of a channel that is followed: as a whole, or not at all.
   *
   * @param outcome called once; what led to {@link Outcome#COMMITTED} or {@link Outcome#STALE} has
   *     been told to the feed before
   */
  void commit(String channelId, Change change, Consumer<Outcome> outcome);

  /**
   * Brings a channel that is followed up to date, for who asks right after something happened by
   * way of another node.
   *
   * @param refreshed true once the feed has been told all that was in the store when this was
   *     called; false where the store is not to be had
   */
  void refresh(String channelId, Consumer<Boolean> refreshed);

  /** Follows a channel no more: once this has returned, no call of its feed begins any more. */
  void release(String channelId);

  /**
   * Lists all channels, of all nodes.
   *
   * @param listed null where the store is not to be had
   */
  void list(Consumer<@Nullable List<ChannelInfo>> listed);

  /** Whether the store is to be had for a channel at present, as far as is known. */
  boolean isAvailable(String channelId);

  /**
   * Ends. Whoever waits for an answer is told that the store is not to be had, and nothing is told
   * to feeds and nodes from then on.
   */
  @Override
  void close();
}
