package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResendingTest {

  @TempDir Path folder;

  private String adviceFor(String content) throws IOException {
    return Resending.advice(Files.writeString(folder.resolve("tcp_retries2"), content));
  }

  @Test
  void whereItIsResentTooOftenOneLineSaysWhatToDo() throws Exception {
    String advice = adviceFor("15\n");
    assertNotNull(advice);
    assertEquals(1, advice.lines().count());
    assertTrue(advice.contains("tcp_retries2 is 15"), advice);
    assertTrue(advice.contains("sysctl -w net.ipv4.tcp_retries2=5"), advice);
  }

  @Test
  void whereItIsSetNothingIsSaid() throws Exception {
    assertNull(adviceFor("5\n"));
    assertNull(adviceFor("3\n"));
  }

  /** Files of the kernel are not read as others are. */
  @Test
  void whatTheKernelSaysIsReadWhole() throws Exception {
    Path local = Path.of("/proc/sys/net/ipv4/ip_default_ttl");
    assumeTrue(Files.exists(local), "skipped: not Linux");
    String advice = Resending.advice(local); // 64 nearly everywhere: of two digits, and too high.
    assertNotNull(advice);
    assertTrue(advice.matches(".* is \\d{2,3}: .*"), advice);
  }

  @Test
  void whereNothingIsKnownNothingIsSaid() throws Exception {
    assertNull(adviceFor("many\n"));
    assertNull(Resending.advice(folder.resolve("none")));
  }
}
