package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How tests run a browser. */
final class Browsers {

  private static final double PATIENCE_MILLIS = 60_000;

  private Browsers() {}

  /** Which needs nothing but the browser that there is. */
  static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /**
   * Goes to another page and back, where the browser has to have kept the one that was left. That
   * one tells when it is shown: asking it meanwhile meets now the one, now the other, now neither.
   */
  static void leaveAndReturn(Page page, String elsewhere, Runnable meanwhile) {
    page.evaluate(
        "() => { onpageshow = ({ persisted }) => console.log(`kept: ${persisted}`); return 0; }");
    page.navigate(elsewhere);
    meanwhile.run();
    ConsoleMessage shown =
        page.waitForConsoleMessage(
            new Page.WaitForConsoleMessageOptions()
                .setPredicate(message -> message.text().startsWith("kept: "))
                .setTimeout(PATIENCE_MILLIS),
            () -> page.evaluate("() => { setTimeout(() => history.back(), 0); return 0; }"));
    assertEquals("kept: true", shown.text());
  }

  /** A browser without a window, with the back-forward cache that tests are usually spared. */
  static Browser launch(Playwright playwright, Path chromium, String... options) {
    // Root has no sandbox, and in CI everybody is root.
    List<String> all = new ArrayList<>(List.of("--no-sandbox", "--disable-gpu", "--disable-quic"));
    all.addAll(List.of(options));
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions()
                .setExecutablePath(chromium)
                .setIgnoreDefaultArgs(List.of("--disable-back-forward-cache"))
                .setArgs(all));
  }
}
