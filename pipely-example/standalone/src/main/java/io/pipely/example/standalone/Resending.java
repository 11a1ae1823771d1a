package io.pipely.example.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often the kernel resends what a client does not acknowledge. Where something is under way to
 * a client that has gone without a word, nothing else tells that it has; with Linux's default of 15
 * times that takes a quarter of an hour, and Java has no setting for one socket.
 */
final class Resending {

  private static final Logger LOG = LoggerFactory.getLogger(Resending.class);

  private static final Path TIMES = Path.of("/proc/sys/net/ipv4/tcp_retries2");
  private static final int WANTED = 5;

  private Resending() {}

  /** Warns, with what to do about it, where it is too often. */
  static void check() {
    String advice = advice(TIMES);
    if (advice != null) {
      LOG.warn(advice);
    }
  }

  /** Null where nothing is to be said, or nothing is known. */
  static @Nullable String advice(Path file) {
    int times;
    // With a buffer: such a file gives all it has to the first read, and Files.readString, which
    // finds it to be of size 0, begins with a read of one byte.
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      times = Integer.parseInt(String.valueOf(reader.readLine()).strip());
    } catch (IOException | NumberFormatException e) {
      return null; // Not Linux, or hidden from us.
    }
    if (times <= WANTED) {
      return null;
    }
    return "clients that vanish without a word may be noticed as late as after 15 minutes, since"
        + " net.ipv4.tcp_retries2 is "
        + times
        + ": set it to "
        + WANTED
        + " (sysctl -w net.ipv4.tcp_retries2=5, or docker run --sysctl net.ipv4.tcp_retries2=5)";
  }
}
