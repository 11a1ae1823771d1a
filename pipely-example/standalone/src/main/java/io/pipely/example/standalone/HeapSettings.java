package io.pipely.example.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JVM would be told by flags, for a JAR that is started without any. G1 gives memory back
 * only when it collects, and a server with idle streams makes too little garbage for that; so it is
 * asked to collect when it has not for a while (JEP 346). What is set on the command line wins.
 */
final class HeapSettings {

  private static final Logger LOG = LoggerFactory.getLogger(HeapSettings.class);

  /** All of them are manageable: they may be changed while the JVM runs. */
  private static final Map<String, String> FLAGS = Map.of("G1PeriodicGCInterval", "20000");

  private HeapSettings() {}

  /** Sets what this JVM knows. */
  static void apply() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm != null) { // Not every JVM is HotSpot.
      FLAGS.forEach((name, value) -> set(jvm, name, value));
    }
  }

  private static void set(HotSpotDiagnosticMXBean jvm, String name, String value) {
    try {
      if (jvm.getVMOption(name).getOrigin() == VMOption.Origin.DEFAULT) {
        jvm.setVMOption(name, value);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("this JVM does not know {}", name, e);
    }
  }
}
