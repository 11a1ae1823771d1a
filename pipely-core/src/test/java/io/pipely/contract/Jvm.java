package io.pipely.contract;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;

/** Counts what this process holds, to find what was left behind. */
public final class Jvm {

  private static final File DESCRIPTORS = new File("/proc/self/fd");

  private Jvm() {}

  /** How many files and sockets are open; empty where the system does not tell. */
  public static OptionalInt openDescriptors() {
    String[] open = DESCRIPTORS.list();
    return open == null ? OptionalInt.empty() : OptionalInt.of(open.length);
  }

  /** Waits until nothing refers to a stream any more, or to what it is a part of. */
  public static void awaitNothingOfStreams() {
    Map<String, Integer> none =
        Map.of(
            "io.pipely.core.Channel", 0,
            "io.pipely.core.Member", 0,
            "io.pipely.core.Attachment", 0,
            "io.pipely.http.EventStream", 0);
    await()
        .atMost(Patience.MANY)
        .untilAsserted(() -> assertEquals(none, instances(List.copyOf(none.keySet()))));
  }

  /** How many reachable instances there are of each class, after a full collection. */
  private static Map<String, Integer> instances(List<String> classNames) throws JMException {
    Map<String, Integer> instances = new TreeMap<>();
    classNames.forEach(name -> instances.put(name, 0));
    for (String line : histogram().lines().toList()) {
      // "   1:     4711      123456  io.pipely.core.Member (module)"
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length >= 4) {
        instances.computeIfPresent(columns[3], (name, none) -> Integer.parseInt(columns[1]));
      }
    }
    return instances;
  }

  private static String histogram() throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
  }
}
