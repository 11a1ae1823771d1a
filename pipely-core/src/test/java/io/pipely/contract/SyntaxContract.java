package io.pipely.contract;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is hardly a request, or none, is refused, and disturbs nobody. */
public interface SyntaxContract extends FramingContract {

  @TestFactory
  default Stream<DynamicTest> linesAreThoseOfHttp() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new SyntaxCorpus(served().uri()).lines());
  }

  @TestFactory
  default Stream<DynamicTest> aRequestLineIsAMethodATargetAndAVersion() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new SyntaxCorpus(served().uri()).requestLines());
  }

  @TestFactory
  default Stream<DynamicTest> aTargetIsAPathOfThisServer() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new SyntaxCorpus(served().uri()).targets());
  }

  @TestFactory
  default Stream<DynamicTest> headersAreFewAndOfAKnownKind() throws Exception {
    return RawCases.tests(served(), isHttpOurs(), new SyntaxCorpus(served().uri()).headers());
  }
}
