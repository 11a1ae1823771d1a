package io.pipely.example.standalone;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What SIGTERM and SIGINT do: they end the server, and the process with exit code 0. */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * To be called once everything is running: nothing but a signal ends the process from then on.
   */
  static void onEnd(StandaloneServer server) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "shutdown"));
  }

  /**
   * The JVM would exit with 128 plus the signal's number after its hooks, which service managers
   * and containers take for a failure. What was asked for was done, so this hook ends it itself.
   */
  private static void end(StandaloneServer server) {
    int exitCode = 0;
    try {
      server.close();
      LOG.info("ended");
    } catch (RuntimeException e) {
      LOG.error("not ended cleanly", e);
      exitCode = 1;
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
