package io.pipely;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each wire format is made once, by whomever it is asked for first. */
class EncodableTest {

  private static final class Counting implements Encoding<byte[]> {

    private final AtomicInteger encoded = new AtomicInteger();
    private final AtomicInteger joined = new AtomicInteger();

    @Override
    public byte[] encode(Event event) {
      encoded.incrementAndGet();
      return new byte[1];
    }

    @Override
    public byte[] join(Batch batch) {
      joined.incrementAndGet();
      byte[] bytes = new byte[batch.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = batch.event(i).as(this)[0];
      }
      return bytes;
    }
  }

  private static Event event() {
    return Event.of("channel-0000", "chat", "alice", Payload.NULL);
  }

  @Test
  void isMadeOnceForEachFormat() {
    Counting first = new Counting();
    Counting second = new Counting();
    Event event = event();
    byte[] made = event.as(first);
    assertNotSame(made, event.as(second));
    assertSame(made, event.as(first));
    assertSame(event.as(second), event.as(second));
    assertEquals(1, first.encoded.get());
    assertEquals(1, second.encoded.get());
  }

  @Test
  void eventsOfSeveralBatchesAreEncodedOnce() {
    Counting counting = new Counting();
    Event a = event();
    Event b = event();
    Event c = event();
    assertEquals(2, Batch.of(a, b).as(counting).length);
    assertEquals(2, Batch.of(b, c).as(counting).length);
    assertEquals(1, Batch.of(b).as(counting).length);
    assertEquals(3, counting.encoded.get());
    assertEquals(2, counting.joined.get());
  }

  @Test
  void whatFailsIsTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    Encoding<String> encoding =
        new Encoding<>() {
          @Override
          public String encode(Event event) {
            if (calls.incrementAndGet() == 1) {
              throw new IllegalStateException("a test's");
            }
            return "made";
          }

          @Override
          public String join(Batch batch) {
            return "";
          }
        };
    Event event = event();
    assertThrows(IllegalStateException.class, () -> event.as(encoding));
    assertEquals("made", event.as(encoding));
  }

  @Test
  void manyThreadsGetOneAndTheSame() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 2_000; round++) {
        Counting counting = new Counting();
        Counting other = new Counting();
        Batch batch = Batch.of(event(), event());
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<byte[]>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          Counting format = i % 2 == 0 ? counting : other;
          tasks.add(
              () -> {
                start.await();
                return batch.as(format);
              });
        }
        Set<byte[]> made = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Future<byte[]> future : pool.invokeAll(tasks)) {
          made.add(future.get());
        }
        assertEquals(2, made.size());
        for (Counting format : List.of(counting, other)) {
          assertEquals(1, format.joined.get());
          assertEquals(2, format.encoded.get());
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
