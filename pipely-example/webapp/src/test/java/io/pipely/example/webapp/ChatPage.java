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

/** The chat in two windows of a browser, from the home page on. */
final class ChatPage {

  private static final String ROOM = "war-00000001";

  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  private ChatPage(Browser browser, URI war, String name) {
    page = browser.newContext().newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.navigate(war.toString());
    page.locator("a[href='chat.html']").first().click();
    page.locator("#room").fill(ROOM);
    page.locator("#name").fill(name);
    page.locator("#join").click();
  }

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
      ChatPage ann = new ChatPage(browser, war, "Ann");
      ann.expect("#members li", "Ann");
      ChatPage bob = new ChatPage(browser, war, "Bob");
      ann.expect("#members li", "Ann", "Bob");
      bob.expect("#members li", "Ann", "Bob");

      ann.say("from a WAR");
      bob.expectSaid("from a WAR");
      bob.say("to a WAR");
      ann.expectSaid("from a WAR", "to a WAR");
      bob.expectSaid("from a WAR", "to a WAR");
      bob.page.locator("#leave").click();
      ann.expect("#members li", "Ann");
      assertEquals(List.of(), ann.complaints);
      assertEquals(List.of(), bob.complaints);
    }
  }

  private void say(String text) {
    page.locator("#text").fill(text);
    page.locator("#send").click();
  }

  private void expectSaid(String... texts) {
    expect("#log .bubble p", texts);
  }

  private void expect(String where, String... texts) {
    assertThat(page.locator(where))
        .hasText(
            texts,
            new LocatorAssertions.HasTextOptions().setTimeout((double) Patience.ONE.toMillis()));
  }
}
