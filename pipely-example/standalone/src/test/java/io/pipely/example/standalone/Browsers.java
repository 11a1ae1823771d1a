package io.pipely.example.standalone;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How tests run a browser. */
final class Browsers {

  private Browsers() {}

  /** Which needs nothing but the browser that there is. */
  static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
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
