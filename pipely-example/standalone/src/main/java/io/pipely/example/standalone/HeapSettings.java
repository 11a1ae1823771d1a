package io.pipely.example.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JVM would be told by flags, for a JAR that is started without any. G1 gives memory back
 * only when it collects, and a server with idle streams makes too little garbage for that; so it is
 * asked to collect when it has not for a while (JEP 346). What is set on the command line wins.
 */
final class HeapSettings {

  private static final Logger LOG = LoggerFactory.getLogger(HeapSettings.class);

  /** It is manageable: it may be changed while the JVM runs. */
  private static final String FLAG = "G1PeriodicGCInterval";

  private static final String MILLIS = "20000";

  private HeapSettings() {}

  /** Sets it, where this JVM knows it. */
  static void apply() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null) { // Not every JVM is HotSpot.
      return;
    }
    try {
      if (jvm.getVMOption(FLAG).getOrigin() == VMOption.Origin.DEFAULT) {
        jvm.setVMOption(FLAG, MILLIS);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("this JVM does not know {}", FLAG, e);
    }
  }
}
