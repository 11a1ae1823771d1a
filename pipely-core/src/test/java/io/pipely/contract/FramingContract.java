package io.pipely.contract;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Where a request ends, there is one answer to; otherwise what is a body to a proxy in front could
 * be a request here, and somebody else's at that.
 *
 * <p>How HTTP is read depends on the container. Each refuses what cannot be read in one way alone,
 * by a status of HTTP's or by closing the connection, and none publishes what hides in a body.
 */
public interface FramingContract extends Contract {

  /** Whether the HTTP is that of {@code PipelyServer}, of which every answer is known. */
  default boolean isHttpOurs() {
    return false;
  }

  @TestFactory
  default Stream<DynamicTest> aBodyHasOneLength() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new FramingCorpus(served().uri()).lengths());
  }

  @TestFactory
  default Stream<DynamicTest> aBodyIsInChunksOrIsNot() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new FramingCorpus(served().uri()).codings());
  }

  @TestFactory
  default Stream<DynamicTest> aChunkIsAsLongAsItSays() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new FramingCorpus(served().uri()).chunks());
  }

  @TestFactory
  default Stream<DynamicTest> whatFollowsARequestIsTheNextOneOrNothing() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new FramingCorpus(served().uri()).sequences());
  }
}
