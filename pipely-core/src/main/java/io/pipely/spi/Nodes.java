package io.pipely.spi;

import java.util.Set;

/** Is told what happens to the nodes. Its methods do not block. */
public interface Nodes {

  /**
   * A node is dead, or says that it ends; told by every node that lives, and again now and then as
   * long as the dead one is remembered.
   *
   * @param channelIds where it had members, as far as is known; empty where it is told again
   */
  void died(String node, Set<String> channelIds);

  /** A node has been seen to live just now, though it may have been taken for dead before. */
  void lives(String node);
}
