package io.pipely.endurance;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The memory of a server, in bytes.
 *
 * @param heap what is reachable
 * @param direct of buffers outside of the heap
 * @param mostResident how much there has been of everything at most, by the system's count
 */
record ServerMemory(long heap, long direct, long mostResident) {

  private static final String URL = "URL";

  /** Collects all garbage, and then measures. */
  @SuppressWarnings("BanJNDI") // The address is one that a child of this process has told.
  static ServerMemory of(ServerProcess server) throws IOException, InterruptedException {
    long mostResident = server.mostResidentBytes(); // Ahead of what the agent needs.
    server.jcmd("ManagementAgent.start_local");
    String url =
        server.jcmd("ManagementAgent.status").stream()
            .filter(line -> line.strip().startsWith(URL))
            .map(line -> line.substring(line.indexOf("service:")).strip())
            .findFirst()
            .orElseThrow();
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url))) {
      MBeanServerConnection connection = connector.getMBeanServerConnection();
      MemoryMXBean memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
      memory.gc();
      return new ServerMemory(
          memory.getHeapMemoryUsage().getUsed(), direct(connection), mostResident);
    }
  }

  private static long direct(MBeanServerConnection connection) throws IOException {
    return ManagementFactory.getPlatformMXBeans(connection, BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Override
  public String toString() {
    return "MiB of heap %d, of direct memory %d, resident at most %d"
        .formatted(heap >> 20, direct >> 20, mostResident >> 20);
  }
}
