package io.pipely.endurance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Patience;
import io.pipely.endurance.nodes.Party;
import io.pipely.redis.Relay;
import io.pipely.redis.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Two nodes as processes and the Redis that they share, all of which fail in turn while many
 * publish; afterwards everything that was received is judged.
 */
final class NodesRun {

  /** Within which all have to agree after a fault. */
  private static final Duration AGREED = Duration.ofSeconds(15);

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration STALL = Duration.ofSeconds(10);
  private static final Duration CUT = Duration.ofSeconds(30);
  private static final Duration AWAY = Duration.ofSeconds(1);

  /** The node that is behind a link that can be cut, and the one that is killed. */
  private static final int EAST = 0;

  private static final int WEST = 1;

  /** How often Redis begins without its data. */
  private static final int LOSSES = 1;

  private final long seed;
  private final int channels;
  private final int events;
  private final int eventsPerSecond;

  NodesRun(long seed, int channels, int events, int eventsPerSecond) {
    this.seed = seed;
    this.channels = channels;
    this.events = events;
    this.eventsPerSecond = eventsPerSecond;
  }

  private static ServerProcess node(String redis, int port) throws IOException {
    return ServerProcess.start(
        ServerKind.JETTY,
        Map.of("grace", GRACE.toSeconds() + "s", "heartbeat", "1s"),
        "-D" + ServerMain.REDIS + "=" + redis,
        "-D" + ServerMain.PORT + "=" + port);
  }

  void run() throws Exception {
    System.out.println("seed " + seed);
    try (TestRedis redis = TestRedis.start();
        Relay link = new Relay(redis.port());
        ServerProcess east = node(link.uri(), 0);
        ServerProcess west = node(redis.uri(), 0);
        Party party = new Party(List.of(east.uri(), west.uri()), channels)) {
      say("all have come", party.awaitAgreement(Patience.MANY));
      party.publish(eventsPerSecond, new Random(seed));
      try (ServerProcess again = killAndRestart(west, redis, party)) {
        loseAndRestart(redis, party);
        stall(redis, party);
        cut(link, party);
        while (party.accepted() < events) {
          Thread.sleep(100);
        }
        party.publishNoMore();
        party.awaitDelivery(EAST, Patience.MANY);
        assertTrue(again.isAlive());
        say("at last, all have agreed", party.awaitAgreement(AGREED));
        System.out.println(
            party.unknown() + " of which it is not known whether they were accepted");
        party.judge(WEST, LOSSES, System.out::println);
      }
    }
  }

  /** An event in each channel; and who is there. */
  private static void awaitRecovery(String after, Party party) throws Exception {
    long end = System.nanoTime() + AGREED.toNanos();
    List<Duration> times = party.awaitDelivery(EAST, Patience.MANY);
    say(after + ": delivered in a first channel", times.get(0));
    say("and in all", times.get(1));
    say("and all have agreed", party.awaitAgreement(Duration.ofNanos(end - System.nanoTime())));
  }

  private static void say(String what, Duration after) {
    System.out.printf("%s after %d ms%n", what, after.toMillis());
  }

  private static ServerProcess killAndRestart(ServerProcess west, TestRedis redis, Party party)
      throws Exception {
    URI uri = west.uri();
    west.kill();
    party.hasEnded(WEST);
    say("a node killed: all have agreed", party.awaitAgreement(AGREED));
    ServerProcess again = node(redis.uri(), uri.getPort());
    party.isBack(WEST);
    say("and started again: all have agreed", party.awaitAgreement(AGREED));
    return again;
  }

  private static void loseAndRestart(TestRedis redis, Party party) throws Exception {
    redis.kill();
    Thread.sleep(AWAY.toMillis());
    redis.startAgain();
    awaitRecovery("Redis killed and restarted", party);
  }

  private static void stall(TestRedis redis, Party party) throws Exception {
    redis.stall();
    Thread.sleep(STALL.toMillis());
    redis.resume();
    awaitRecovery("Redis stopped", party);
  }

  private static void cut(Relay link, Party party) throws Exception {
    link.cut();
    Thread.sleep(CUT.toMillis());
    link.mend();
    awaitRecovery("a link cut", party);
  }
}
