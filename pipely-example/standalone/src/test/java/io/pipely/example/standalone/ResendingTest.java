package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  @Test
  void whereNothingIsKnownNothingIsSaid() throws Exception {
    assertNull(adviceFor("many\n"));
    assertNull(Resending.advice(folder.resolve("none")));
  }
}
