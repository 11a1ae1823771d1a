package io.pipely.example.standalone;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.pipely.example.standalone.ChatWindow.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The page as people use it: real windows of a real browser, and the real server. */
class ChatPageIT {

  private static final double PATIENCE_MILLIS = 30_000;
  private static final String PASSWORD = "ein Schlüssel";

  private static LauncherProcess launcher;
  private static Playwright playwright;
  private static Browser browser;

  private final List<ChatWindow> windows = new ArrayList<>();
  private String channel;

  @BeforeAll
  static void start() throws IOException {
    Path chromium = Chromium.require();
    launcher = LauncherProcess.startAnywhere();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(
                        List.of(
                            "--no-sandbox", // Root has none, and in CI everybody is root.
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
  }

  @AfterAll
  static void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (launcher != null) {
      launcher.close();
    }
  }

  /** A channel for each test: a window that was closed may still be a member for a moment. */
  @BeforeEach
  void chooseChannel(TestInfo test) {
    channel = "%012x".formatted(test.getDisplayName().hashCode() & 0xFFFFFFFFL);
  }

  @AfterEach
  void closeWindows() {
    for (ChatWindow window : windows) {
      window.expectNoComplaint();
      window.close();
    }
  }

  @Test
  void twoWindowsChat() {
    ChatWindow ann = open(Screen.DESKTOP);
    ann.screenshot("desktop-start");
    ann.enter(channel, "Ann", PASSWORD).expectMembers("Ann");
    ChatWindow bob = open(Screen.PHONE);
    bob.screenshot("phone-start");
    bob.enter(channel, "Bob", PASSWORD).expectMembers("Ann", "Bob");
    ann.expectMembers("Ann", "Bob");

    ann.say("Hello Bob, can you hear me?");
    bob.expectSaid("Ann", "Hello Bob, can you hear me?");
    ann.expectSaid("Ann", "Hello Bob, can you hear me?");
    bob.say("Loud and clear 👍 — здравствуй");
    ann.expectSaid("Bob", "Loud and clear 👍 — здравствуй");
    bob.expectSaid("Bob", "Loud and clear 👍 — здравствуй");
    ann.screenshot("desktop-chat");
    bob.screenshot("phone-chat");
    bob.showMembers();
    bob.screenshot("phone-members");
    bob.hideMembers();

    bob.leave();
    ann.expectMembers("Ann");
    ann.expectInLog("Bob joined", "Bob left");
    ann.say("Anybody there?");
    ann.expectSaid("Ann", "Anybody there?");
  }

  @Test
  void aWrongPasswordIsRefusedInTheServersWords() {
    open(Screen.DESKTOP).enter(channel, "Ann", PASSWORD).expectMembers("Ann");
    ChatWindow bob = open(Screen.PHONE).enter(channel, "Bob", "a guess");
    bob.expectRefused("invalid channel password");
    bob.screenshot("phone-refused");
    bob.enter("Bob", PASSWORD).expectMembers("Ann", "Bob");
  }

  @Test
  void aNameThatIsTakenIsRefusedInTheServersWords() {
    ChatWindow ann = open(Screen.DESKTOP).enter(channel, "Ann", "");
    ann.expectMembers("Ann");
    ChatWindow other = open(Screen.DESKTOP).enter(channel, "ANN", "");
    other.expectRefused("client id already used in channel");
    other.screenshot("desktop-refused");
    other.enter("Anna", "").expectMembers("Ann", "Anna");
    ann.expectMembers("Ann", "Anna");
  }

  @Test
  void whoReloadsLeavesAndFindsTheChannelAgain() {
    ChatWindow ann = open(Screen.DESKTOP).enter(channel, "Ann", PASSWORD);
    ann.expectMembers("Ann");
    ChatWindow bob = open(Screen.DESKTOP).enter(channel, "Bob", PASSWORD);
    ann.expectMembers("Ann", "Bob");
    bob.reload();
    ann.expectMembers("Ann");
    bob.expectChannel(channel);
    bob.enter("Bob", PASSWORD).expectMembers("Ann", "Bob");
    ann.say("welcome back");
    bob.expectSaid("Ann", "welcome back");
  }

  @Test
  void whatIsSaidIsTextAndNeverMarkup() {
    ChatWindow ann = open(Screen.DESKTOP).enter(channel, "<b>Ann</b>", "");
    ann.expectMembers("<b>Ann</b>");
    ann.say("<img src=x onerror=alert(1)> & <script>alert(2)</script>");
    ann.expectSaid("<b>Ann</b>", "<img src=x onerror=alert(1)> & <script>alert(2)</script>");
  }

  private ChatWindow open(Screen screen) {
    ChatWindow window = ChatWindow.open(browser, launcher.uri(), screen);
    windows.add(window);
    return window;
  }
}
