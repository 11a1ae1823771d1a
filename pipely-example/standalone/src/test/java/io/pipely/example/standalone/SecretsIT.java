package io.pipely.example.standalone;

import static io.pipely.contract.Events.CHANNEL;
import static io.pipely.contract.Events.clientList;
import static io.pipely.contract.Events.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.contract.Canaries;
import io.pipely.contract.Http;
import io.pipely.contract.RawRequest;
import io.pipely.contract.SseClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No password, no token and no server key is in anything that the process writes or answers. */
class SecretsIT {

  private static final Map<String, String> SETTINGS =
      Map.of("ADDRESS", "127.0.0.1:0", "PIPELY_SERVER_KEY", Canaries.SERVER_KEY);

  @Test
  void noneIsShownAsItIsRunByDefault() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.start(SETTINGS)) {
      assertShowsNoneHoweverItIsUsed(launcher);
    }
  }

  /** As somebody sets it who looks for an error. */
  @Test
  void noneIsShownWhereAllThatIsOursIsLogged(@TempDir Path folder) throws Exception {
    String usual = Files.readString(Path.of("src/main/resources/logback.xml"));
    String verbose = usual.replace("<root ", "<logger name=\"io.pipely\" level=\"TRACE\" /><root ");
    Path file = Files.writeString(folder.resolve("logback.xml"), verbose);
    try (LauncherProcess launcher =
        LauncherProcess.start(SETTINGS, "-Dlogback.configurationFile=" + file)) {
      assertShowsNoneHoweverItIsUsed(launcher);
    }
  }

  @Test
  void aKeyThatIsNoneIsRefusedWithoutShowingIt() throws Exception {
    for (String key : List.of("canary key", "canary\u00e4", " canary")) {
      try (LauncherProcess launcher = LauncherProcess.start(Map.of("PIPELY_SERVER_KEY", key))) {
        assertEquals(2, launcher.exitCode(), launcher::toString);
        assertEquals(
            List.of("PIPELY_SERVER_KEY must be of visible ASCII characters"), launcher.err());
        assertShowsNone(launcher.toString());
      }
    }
  }

  /** Or whoever sends them could fill a disk. */
  @Test
  void aRequestThatIsNoneIsNoLineOfTheLog() throws Exception {
    try (LauncherProcess launcher = LauncherProcess.start(SETTINGS)) {
      String twice = "GET /channels HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
      String noHost = "GET /channels HTTP/1.1\r\nHost: a:b\r\n\r\n";
      for (int i = 0; i < 50; i++) {
        for (String request : List.of(twice, noHost)) {
          try (Http http = Http.connect(launcher.uri())) {
            http.send(request.getBytes(StandardCharsets.US_ASCII));
            assertEquals(400, http.answerTo("GET").status());
          }
        }
      }
      launcher.terminate();
      assertEquals(0, launcher.exitCode(), launcher::toString);
      assertTrue(launcher.out().size() < 10, launcher::toString);
    }
  }

  private static void assertShowsNoneHoweverItIsUsed(LauncherProcess launcher) throws Exception {
    try (SseClient ann = SseClient.open(launcher.uri(), Canaries.join("ann"));
        SseClient again = joinedAfter(ann, launcher)) {
      for (Http.Response answer : new Canaries(launcher.uri()).send()) {
        assertShowsNone(answer.toString());
      }
      for (String path : List.of("/health", "/", "/chat.js", "/nothing?" + Canaries.PASSWORD)) {
        assertShowsNone(Http.once(launcher.uri(), RawRequest.get(path)).toString());
      }
      RawRequest channels = RawRequest.get("/channels").serverKey(Canaries.SERVER_KEY);
      Http.Response all = Http.once(launcher.uri(), channels);
      assertTrue(all.text().contains(CHANNEL), all::toString);
      assertShowsNone(all.toString());
      launcher.terminate();
      assertEquals(0, launcher.exitCode(), launcher::toString);
      assertShowsNone(ann.frames().toString());
      assertShowsNone(again.frames().toString());
    }
    assertTrue(launcher.toString().contains("PIPELY_SERVER_KEY=(set)"), launcher::toString);
    assertTrue(launcher.toString().contains("wrong_password"), launcher::toString);
    assertShowsNone(launcher.toString());
  }

  /** Takes the place of one that has come. */
  private static SseClient joinedAfter(SseClient first, LauncherProcess launcher) throws Exception {
    first.expect(clientList("ann"), connect("ann"));
    SseClient next = SseClient.open(launcher.uri(), Canaries.join("ann"));
    next.expect(clientList("ann"));
    return next;
  }

  private static void assertShowsNone(String text) {
    assertFalse(text.contains(Canaries.WORD), text);
  }
}
