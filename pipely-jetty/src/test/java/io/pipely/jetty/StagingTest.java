package io.pipely.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.testing.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written is what arrives, whoever else writes what meanwhile. */
@Timeout(60)
class StagingTest {

  /** Two ends of one connection over loopback. */
  private record Pair(SocketChannel server, SocketChannel client) implements AutoCloseable {

    static Pair open() throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        return new Pair(listener.accept(), client);
      }
    }

    byte[] read(int count) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      while (bytes.hasRemaining() && client.read(bytes) >= 0) {
        // The rest.
      }
      return bytes.array();
    }

    @Override
    public void close() throws IOException {
      server.close();
      client.close();
    }
  }

  /** A part of an array, as batches of one event are, or the whole. */
  private static ByteBuffer random(Random random, int maxLength) {
    byte[] bytes = new byte[1 + random.nextInt(maxLength)];
    random.nextBytes(bytes);
    int from = random.nextInt(bytes.length);
    return random.nextBoolean()
        ? ByteBuffer.wrap(bytes)
        : ByteBuffer.wrap(bytes).slice(from, bytes.length - from);
  }

  private static byte[] content(ByteBuffer bytes) {
    byte[] content = new byte[bytes.remaining()];
    bytes.get(bytes.position(), content);
    return content;
  }

  private static void writeWhole(Pair pair, ByteBuffer bytes) throws IOException {
    ByteBuffer before = bytes.duplicate();
    int sent = 0;
    while (sent < bytes.remaining()) {
      sent += Staging.write(pair.server, bytes.slice(sent, bytes.remaining() - sent));
    }
    assertEquals(before, bytes, "others still need it as it was");
  }

  @Test
  void theSameBytesGoToOneSocketAfterAnother() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
    for (int i = 0; i < 3; i++) {
      try (Pair pair = Pair.open()) {
        assertEquals(3, Staging.write(pair.server, bytes));
        assertArrayEquals(new byte[] {1, 2, 3}, pair.read(3));
      }
    }
    assertEquals(3, bytes.remaining());
  }

  @Test
  void aFullSocketTakesAPartOrNothing() throws IOException {
    try (Pair pair = Pair.open()) {
      pair.server.configureBlocking(false);
      ByteBuffer bytes = ByteBuffer.wrap(new byte[60_000]);
      int sent = bytes.remaining();
      while (sent == bytes.remaining()) {
        sent = Staging.write(pair.server, bytes);
      }
      while (sent > 0) {
        sent = Staging.write(pair.server, bytes);
      }
      assertEquals(0, sent);
      assertEquals(60_000, bytes.remaining());
    }
  }

  @Test
  void longerAndShorterBytesTakeTurns() {
    Seeds.each(
        20,
        random -> {
          try (Pair pair = Pair.open()) {
            for (int i = 0; i < 20; i++) {
              ByteBuffer bytes = random(random, i % 4 == 0 ? 2 * Staging.MAX_BYTES : 5_000);
              CompletableFuture<byte[]> arrived =
                  CompletableFuture.supplyAsync(() -> uncheckedRead(pair, bytes.remaining()));
              writeWhole(pair, bytes);
              assertArrayEquals(content(bytes), arrived.join());
            }
          }
        });
  }

  @Test
  void threadsDoNotMixTheirBytes() {
    Seeds.fresh(
        random -> {
          int count = 4 * Runtime.getRuntime().availableProcessors() + 8; // More than places.
          ExecutorService threads = Executors.newFixedThreadPool(2 * count);
          try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
              long seed = random.nextLong();
              all.add(CompletableFuture.runAsync(() -> exchange(seed, threads), threads));
            }
            all.forEach(CompletableFuture::join);
          } finally {
            threads.shutdownNow();
          }
        });
  }

  private static void exchange(long seed, ExecutorService readers) {
    Random random = new Random(seed);
    try (Pair pair = Pair.open()) {
      for (int i = 0; i < 50; i++) {
        ByteBuffer bytes = random(random, 10_000);
        CompletableFuture<byte[]> arrived =
            CompletableFuture.supplyAsync(() -> uncheckedRead(pair, bytes.remaining()), readers);
        writeWhole(pair, bytes);
        assertArrayEquals(content(bytes), arrived.join());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] uncheckedRead(Pair pair, int count) {
    try {
      return pair.read(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
