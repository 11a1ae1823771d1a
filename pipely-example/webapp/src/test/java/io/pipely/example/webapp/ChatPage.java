package io.pipely.example.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.pipely.contract.Chromium;
import io.pipely.contract.Patience;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chat in a browser, from the home page on. */
final class ChatPage {

  private ChatPage() {}

  static void expectToWork(URI war) {
    Path chromium = Chromium.require();
    Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    BrowserType.LaunchOptions launch =
        new BrowserType.LaunchOptions()
            .setExecutablePath(chromium)
            .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic"));
    try (Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        Browser browser = playwright.chromium().launch(launch)) {
      Page page = browser.newPage();
      List<String> complaints = new ArrayList<>();
      page.onPageError(complaints::add);
      page.onConsoleMessage(message -> complaints.add(message.text()));
      page.navigate(war.toString());
      page.locator("a[href='chat.html']").first().click();
      page.locator("#name").fill("Ann");
      page.locator("#join").click();
      page.locator("#text").fill("from a WAR");
      page.locator("#send").click();
      assertThat(page.locator("#log .bubble p"))
          .hasText(
              "from a WAR",
              new LocatorAssertions.HasTextOptions().setTimeout((double) Patience.ONE.toMillis()));
      assertEquals(List.of(), complaints);
    }
  }
}
