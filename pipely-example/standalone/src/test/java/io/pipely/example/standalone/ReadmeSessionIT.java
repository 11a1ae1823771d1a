package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's session with curl does what the README says, pasted into a shell. */
class ReadmeSessionIT {

  @TempDir Path folder;

  @Test
  void thePastedSessionShowsWhatAliceHasSeen() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    String readme = Files.readString(Path.of("..", "..", "README.md"));
    String session = block(readme, "sh curl-session");
    try (LauncherProcess launcher = LauncherProcess.startAnywhere()) {
      URI uri = launcher.uri();
      String here = session.replace("localhost:6550", uri.getHost() + ":" + uri.getPort());
      Process shell =
          new ProcessBuilder("bash", "-c", "set -m\n" + here)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String shown = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(shell.waitFor(30, TimeUnit.SECONDS), "the session has not ended");

      assertTrue(shown.contains("invalid channel password"), shown);
      String seen = Files.readString(folder.resolve("alice.txt"));
      assertEquals(withoutChance(block(readme, "text").strip()), firstFrames(seen, 4), shown);
    }
  }

  /** Bob may or may not be seen leaving before Alice does. */
  private static String firstFrames(String stream, int count) {
    Matcher matcher = Pattern.compile("((?:\\w+: [^\\n]*\\n)+\\n){" + count + "}").matcher(stream);
    assertTrue(matcher.lookingAt(), stream);
    return withoutChance(matcher.group().strip());
  }

  /**
   * The frames without what is random. Its form is checked: one time to wait, ahead of everything,
   * and one epoch in all ids.
   */
  private static String withoutChance(String frames) {
    Matcher retry = Pattern.compile("retry: (2[4-9]\\d\\d|3[0-5]\\d\\d|3600)\n").matcher(frames);
    assertTrue(retry.lookingAt(), frames);
    Matcher epoch = Pattern.compile("id: ([0-9a-z]{7})-0\n").matcher(frames);
    assertTrue(epoch.region(retry.end(), frames.length()).lookingAt(), frames);
    return ("retry: 3000\n" + frames.substring(retry.end()))
        .replace("id: " + epoch.group(1) + "-", "id: epoch-");
  }

  private static String block(String readme, String language) {
    Matcher matcher = Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(readme);
    assertTrue(matcher.find(), language);
    return matcher.group(1);
  }
}
