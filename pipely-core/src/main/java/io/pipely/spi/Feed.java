package io.pipely.spi;

import java.util.List;

/**
 * Is told what happens to one channel. Its methods are called one at a time, in the order in which
 * all nodes are told; they do not block.
 */
public interface Feed {

  /**
   * How the channel is: at first, when it has begun a new life, and where what happened between is
   * not to be had any more. A channel that is made is told as one without members first, and then
   * what it was made with is appended.
   */
  void reset(Snapshot snapshot);

  /**
   * What one change has brought. The first entry's number is one more than that of the entry told
   * last, or than {@link Snapshot#last}.
   *
   * @param change the id of the change
   * @param version the channel's version after it
   */
  void append(String change, long version, long firstNumber, List<Entry> entries);

  /** The last member has left, by the entry that was told last: the channel is no more. */
  void end();
}
