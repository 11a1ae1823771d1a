package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JmhTest {

  @Test
  void allocationIsMeasuredUnlessAnotherProfilerIsNamed() {
    assertEquals(List.of("-i", "1", "-prof", "gc"), Jmh.withProfiler(List.of("-i", "1")));
    assertEquals(List.of("-prof", "stack"), Jmh.withProfiler(List.of("-prof", "stack")));
  }
}
