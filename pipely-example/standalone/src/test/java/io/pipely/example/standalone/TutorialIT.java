package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.pipely.contract.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's page, put together from its text as the text says, does what the text says. */
class TutorialIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String END = "</script>";

  @TempDir private Path folder;

  private String text;
  private LauncherProcess launcher;
  private Playwright playwright;
  private Browser browser;
  private BrowserContext context;

  @BeforeEach
  void start() throws IOException {
    Path chromium = Chromium.require();
    text = Files.readString(Path.of("..", "..", "docs", "tutorial.md"));
    launcher = LauncherProcess.startAnywhere();
    playwright = Browsers.playwright();
    browser = Browsers.launch(playwright, chromium);
    context = browser.newContext();
  }

  @AfterEach
  void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (launcher != null) {
      launcher.close();
    }
  }

  @Test
  void aPageThatJoinsShowsWhoIsThere() throws IOException {
    save(0);
    Page first = page();
    Page second = page();

    for (Page page : List.of(first, second)) {
      eventually(page, "#here", Pattern.compile("Here: guest-\\w+, guest-\\w+"));
    }
    second.close();
    eventually(first, "#here", Pattern.compile("Here: guest-\\w+"));
  }

  @Test
  void everybodyCountsTheSameAlsoWhatWasClickedWithoutAServer() throws Exception {
    save(1);
    Page first = page();
    Page second = page();
    click(first, 2);
    click(second, 3);
    expect(first, 5);
    expect(second, 5);

    launcher.close();
    click(first, 2);
    launcher = launcher.restart();
    expect(first, 7);
  }

  @Test
  void aNewcomerCountsWhatTheOthersHaveSeen() throws IOException {
    save(2);
    Page first = page();
    Page second = page();
    click(first, 4);
    expect(second, 4);

    Page third = page();
    click(first, 3);
    click(third, 2);
    for (Page page : List.of(first, second, third)) {
      expect(page, 9);
    }
    second.reload();
    click(first, 1);
    for (Page page : List.of(first, second, third)) {
      expect(page, 10);
    }
  }

  @Test
  void aServerThatBeginsAnewLeavesTheCountWithThoseWhoKnowIt() throws Exception {
    save(2);
    Page first = page();
    Page second = page();
    click(first, 3);
    expect(second, 3);

    launcher = launcher.restart();
    click(second, 2);
    for (Page page : List.of(first, second)) {
      expect(page, 5);
    }
    expect(page(), 5);
  }

  /** The page as it is after so many pieces of script were put into it. */
  private void save(int pieces) throws IOException {
    List<String> scripts = blocks("js");
    assertEquals(2, scripts.size());
    String script = String.join("\n", scripts.subList(0, pieces));
    String address = launcher.uri().getHost() + ":" + launcher.uri().getPort();
    String page =
        blocks("html").get(0).replace(END, script + END).replace("localhost:6550", address);
    Files.writeString(folder.resolve("counter.html"), page);
  }

  private List<String> blocks(String language) {
    return Pattern.compile("(?s)```" + language + "\\n(.*?)```")
        .matcher(text)
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  private Page page() {
    Page page = context.newPage();
    page.navigate(folder.resolve("counter.html").toUri().toString());
    eventually(page, "#here", Pattern.compile("Here: .*"));
    return page;
  }

  private static void click(Page page, int times) {
    for (int i = 0; i < times; i++) {
      page.click("#add");
    }
  }

  private static void expect(Page page, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(String.valueOf(count), page.textContent("#add")));
  }

  private static void eventually(Page page, String selector, Pattern shown) {
    assertThat(page.locator(selector))
        .hasText(
            shown, new LocatorAssertions.HasTextOptions().setTimeout((double) PATIENCE.toMillis()));
  }
}
