package io.pipely.spi;

import java.util.Set;

/** Is told what happens to the nodes. Its methods do not block. */
public interface Nodes {

  /**
   * A node is dead, or says that it ends; told by every node that lives.
   *
   * @param channelIds where it had members, as far as is known
   */
  void died(String node, Set<String> channelIds);
}
