package io.pipely.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of processes of its own: each server has as many slots as another. */
final class TestCluster implements TestStore {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A server's second port is this much above its first (the cluster specification). */
  private static final int BUS = 10_000;

  private static final int MAX_PORT = 65_535;

  private final List<TestRedis> servers = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();
  private final RedisClient client = RedisClient.create();

  /** One whose servers do without those that are gone. */
  static TestCluster start(int size) throws IOException {
    TestCluster cluster = new TestCluster();
    for (int i = 0; i < size; i++) {
      cluster.startServer();
    }
    for (int i = 0; i < size; i++) {
      int[] slots =
          IntStream.range(SlotHash.SLOT_COUNT * i / size, SlotHash.SLOT_COUNT * (i + 1) / size)
              .toArray();
      cluster.ask(cluster.servers.get(i), redis -> redis.clusterAddSlots(slots));
    }
    cluster.awaitAllKnown();
    return cluster;
  }

  private TestRedis startServer() throws IOException {
    int port = TestRedis.freePort();
    while (port + BUS > MAX_PORT) {
      port = TestRedis.freePort();
    }
    // For what it remembers of the cluster, and for what a replica is sent.
    Path folder = Files.createTempDirectory("pipely-cluster");
    folders.add(folder);
    TestRedis server =
        TestRedis.start(
            port,
            "--dir",
            folder.toString(),
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "1000",
            "--cluster-require-full-coverage",
            "no");
    if (!servers.isEmpty()) {
      ask(server, redis -> redis.clusterMeet("127.0.0.1", servers.get(0).port()));
    }
    servers.add(server);
    return server;
  }

  private void awaitAllKnown() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                servers.stream()
                    .map(server -> ask(server, RedisCommands::clusterInfo))
                    .allMatch(
                        info ->
                            info.contains("cluster_state:ok")
                                && info.contains("cluster_slots_ok:" + SlotHash.SLOT_COUNT)
                                && info.contains("cluster_known_nodes:" + servers.size())));
  }

  @Override
  public String uri() {
    return servers.get(0).uri();
  }

  /** What a server that is not there will not remember when it is back. */
  void forgetAllAt(TestRedis server) throws IOException {
    Files.delete(folders.get(servers.indexOf(server)).resolve("nodes.conf"));
  }

  /** The server that has a key. */
  TestRedis owner(String key) {
    int slot = SlotHash.getSlot(key);
    return SlotRange.decode(ask(servers.get(0), RedisCommands::clusterSlots)).stream()
        .filter(range -> range.from() <= slot && slot <= range.to())
        .map(range -> server(range.port()))
        .findAny()
        .orElseThrow();
  }

  private TestRedis server(int port) {
    return servers.stream().filter(server -> server.port() == port).findAny().orElseThrow();
  }

  /** A server more, which has all that another one has, and takes its place when that is gone. */
  TestRedis replicate(TestRedis server) throws IOException {
    TestRedis replica = startServer();
    awaitAllKnown();
    String id = ask(server, RedisCommands::clusterMyId);
    ask(replica, redis -> redis.clusterReplicate(id));
    await().atMost(PATIENCE).until(() -> replication(replica).contains("master_link_status:up"));
    return replica;
  }

  /** Until a replica has all that its server has now. */
  void awaitReplicated(TestRedis server, TestRedis replica) {
    long end = offset(server, "master_repl_offset");
    await().atMost(PATIENCE).until(() -> offset(replica, "slave_repl_offset") >= end);
  }

  private long offset(TestRedis server, String name) {
    return Long.parseLong(TestRedis.said(replication(server), name).orElseThrow());
  }

  private String replication(TestRedis server) {
    return ask(server, redis -> redis.info("replication"));
  }

  /** Moves a slot with all that is in it from one server to another. */
  void move(int slot, TestRedis from, TestRedis to) {
    String source = ask(from, RedisCommands::clusterMyId);
    String target = ask(to, RedisCommands::clusterMyId);
    ask(to, redis -> redis.clusterSetSlotImporting(slot, source));
    ask(from, redis -> redis.clusterSetSlotMigrating(slot, target));
    List<String> keys = ask(from, redis -> redis.clusterGetKeysInSlot(slot, 1000));
    ask(
        from,
        redis ->
            redis.migrate(
                "127.0.0.1", to.port(), 0, PATIENCE.toMillis(), MigrateArgs.Builder.keys(keys)));
    List.of(to, from).forEach(each -> ask(each, redis -> redis.clusterSetSlotNode(slot, target)));
  }

  /** Empties all servers. */
  void clear() {
    servers.forEach(server -> ask(server, RedisCommands::flushall));
  }

  private <T> T ask(TestRedis server, Function<RedisCommands<String, byte[]>, T> question) {
    RedisURI uri = RedisURI.create(server.uri());
    try (StatefulRedisConnection<String, byte[]> connection =
        client.connect(Connection.CODEC, uri)) {
      return question.apply(connection.sync());
    }
  }

  @Override
  public void close() {
    client.shutdown();
    servers.forEach(TestRedis::close);
    try {
      for (Path folder : folders) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
