package io.pipely.example.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as a process of its own. */
class EmbeddedIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SUBSCRIBE =
      Pattern.compile(
          "curl -N '(http://[^/]+)(/subscribe\\?channelId=weather-here&clientId=curl)'");
  private static final Pattern READING =
      Pattern.compile(
          "\\{\"channel_id\":\"weather-here\",\"type\":\"reading\",\"origin_id\":\"server\","
              + "\"payload\":\\{\"celsius\":2\\d\\.\\d}}");

  @TempDir private Path folder;
  private Path output;
  private Process process;

  @BeforeEach
  void start() throws IOException {
    output = folder.resolve("output.txt");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Test
  void whatItPublishesIsSeenOverHttpAndInProcess() throws Exception {
    Matcher invitation = awaitInvitation();
    try (SseClient client =
        SseClient.open(URI.create(invitation.group(1)), RawRequest.get(invitation.group(2)))) {
      assertNext("CLIENT_LIST.*\\[\"application\",\"curl\"]", client);
      assertNext("CONNECT.*\"curl\"", client);
      for (int i = 0; i < 2; i++) {
        String event = client.next(PATIENCE);
        assertTrue(READING.matcher(event).matches(), event);
      }
    }
    awaitLine("server CLIENT_LIST \\[\"application\"]");
    awaitLine("application CONNECT null");
    awaitLine("curl CONNECT null");
    awaitLine("server reading \\{\"celsius\":2\\d\\.\\d}");
    awaitLine("curl DISCONNECT null");
  }

  @Test
  void isShortEnoughToBeReadAtOnce() throws IOException {
    Path source = Path.of("src/main/java", Main.class.getName().replace('.', '/') + ".java");
    int lines = Files.readAllLines(source).size();
    assertTrue(lines <= 60, () -> lines + " lines");
  }

  private Matcher awaitInvitation() throws IOException {
    awaitLine(SUBSCRIBE.pattern());
    Matcher matcher = SUBSCRIBE.matcher(String.join("\n", lines()));
    assertTrue(matcher.find());
    return matcher;
  }

  private void awaitLine(String pattern) {
    await()
        .atMost(PATIENCE)
        .until(this::lines, lines -> lines.stream().anyMatch(line -> line.matches(pattern)));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(output);
  }

  private static void assertNext(String pattern, SseClient client) {
    String event = client.next(PATIENCE);
    assertTrue(Pattern.compile(pattern).matcher(event).find(), event);
  }
}
