package io.pipely.example.standalone;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.pipely.contract.Chromium;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** The pages as people use them: real windows of a real browser, and the real server. */
abstract class Demos {

  private static final double PATIENCE_MILLIS = 30_000;

  private static LauncherProcess launcher;
  private static Playwright playwright;
  private static Browser browser;

  private final List<Window> windows = new ArrayList<>();

  /** One for each test: a window that was closed may still be a member for a moment. */
  String room;

  @BeforeAll
  static void start() throws IOException {
    Path chromium = Chromium.require();
    launcher = LauncherProcess.startAnywhere();
    playwright = Browsers.playwright();
    browser =
        Browsers.launch(
            playwright,
            chromium,
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Names by multicast, in place of addresses, do not work everywhere.
            "--disable-features=WebRtcHideLocalIpsWithMdns");
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

  @BeforeEach
  void chooseRoom(TestInfo test) {
    room = "%012x".formatted(test.getDisplayName().hashCode() & 0xFFFFFFFFL);
  }

  @AfterEach
  void closeWindows() {
    for (Window window : windows) {
      window.expectNoComplaint();
      window.close();
    }
  }

  /** How a kind of window is opened. */
  interface Opening<W extends Window> {
    W open(Browser browser, Screen screen, String address, String script);
  }

  final <W extends Window> W open(Opening<W> opening, Screen screen, String path) {
    return open(opening, screen, path, "");
  }

  final <W extends Window> W open(Opening<W> opening, Screen screen, String path, String script) {
    return openAt(opening, screen, address(path), script);
  }

  /** The same, wherever it is. */
  final <W extends Window> W openAt(
      Opening<W> opening, Screen screen, String address, String script) {
    W window = opening.open(browser, screen, address, script);
    windows.add(window);
    return window;
  }

  static String address(String path) {
    return launcher.uri() + path;
  }
}
