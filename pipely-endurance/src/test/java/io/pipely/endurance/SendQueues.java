package io.pipely.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the system keeps of a server's, because its clients have not taken it. Needs Linux. */
final class SendQueues {

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private static final int LOCAL_ADDRESS = 1;
  private static final int QUEUES = 4;
  private static final int HEX = 16;

  private SendQueues() {}

  /** In bytes, of all connections from a port. */
  static long bytes(int port) throws IOException {
    long bytes = 0;
    String ending = String.format(":%04X", port);
    for (Path table : TABLES) {
      for (String line : Files.readAllLines(table)) {
        // "  12: 0100007F:1F90 0100007F:D431 01 00001A2B:00000000 ..."
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[LOCAL_ADDRESS].endsWith(ending)) {
          bytes += Long.parseLong(columns[QUEUES].split(":", -1)[0], HEX);
        }
      }
    }
    return bytes;
  }
}
