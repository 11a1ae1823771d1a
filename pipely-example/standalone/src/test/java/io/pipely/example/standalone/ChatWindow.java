package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chat page in a browser window that shares nothing with other windows, and what one does. */
final class ChatWindow {

  /** The two ways of looking at it. */
  enum Screen {
    DESKTOP(1280, 800, false),
    PHONE(390, 844, true);

    private final int width;
    private final int height;
    private final boolean isTouch;

    Screen(int width, int height, boolean isTouch) {
      this.width = width;
      this.height = height;
      this.isTouch = isTouch;
    }

    private Browser.NewContextOptions options() {
      return new Browser.NewContextOptions()
          .setViewportSize(width, height)
          .setIsMobile(isTouch)
          .setHasTouch(isTouch)
          .setDeviceScaleFactor(isTouch ? 2 : 1);
    }
  }

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  private ChatWindow(Page page) {
    this.page = page;
    page.onPageError(complaints::add);
    page.onConsoleMessage(this::hear);
  }

  static ChatWindow open(Browser browser, URI server, Screen screen) {
    BrowserContext context = browser.newContext(screen.options());
    ChatWindow window = new ChatWindow(context.newPage());
    window.page.navigate(server.toString());
    return window;
  }

  /**
   * The browser itself reports each request that is refused; refusals are what some tests are
   * about, and what becomes of them they see on the page. Everything else is a complaint.
   */
  private void hear(ConsoleMessage message) {
    boolean isComplaint = message.type().equals("error") || message.type().equals("warning");
    boolean isRefusal =
        message.text().startsWith("Failed to load resource: the server responded with a status of");
    if (isComplaint && !isRefusal) {
      complaints.add(message.text());
    }
  }

  /** Fills the form and sends it. */
  ChatWindow enter(String channel, String name, String password) {
    page.locator("#channel").fill(channel);
    return enter(name, password);
  }

  /** The same, with the channel that is there already. */
  ChatWindow enter(String name, String password) {
    page.locator("#name").fill(name);
    page.locator("#password").fill(password);
    page.locator("#join").click();
    return this;
  }

  void expectMembers(String... names) {
    assertThat(page.locator("#members li")).hasText(names);
  }

  void say(String text) {
    page.locator("#text").fill(text);
    page.locator("#send").click();
  }

  /** The newest message that is there is that one, as text. */
  void expectSaid(String name, String text) {
    Locator newest = page.locator("#log article").last();
    assertThat(newest.locator(".bubble p")).hasText(text);
    assertThat(page.locator("#log article .name").last()).hasText(name);
  }

  /** What has been said or noted at some time. */
  void expectInLog(String... texts) {
    for (String text : texts) {
      assertThat(page.locator("#log")).containsText(text);
    }
  }

  void leave() {
    page.locator("#leave").click();
    assertThat(page.locator("#channel")).isVisible();
  }

  void reload() {
    page.reload();
  }

  void close() {
    page.context().close();
  }

  void expectChannel(String channel) {
    assertThat(page.locator("#channel")).hasValue(channel);
  }

  /** It says why not, and stands where it stood. */
  void expectRefused(String why) {
    assertThat(page.locator("#error")).hasText(why);
    assertThat(page.locator("#join")).isVisible();
    assertThat(page.locator("#join")).isEnabled();
    assertThat(page.locator("#log")).isHidden();
  }

  /** Nothing went wrong that nobody asked for, and nothing sticks out at the side. */
  void expectNoComplaint() {
    assertEquals(List.of(), complaints);
    assertEquals(
        0, page.evaluate("document.documentElement.scrollWidth - window.innerWidth"), "overflow");
  }

  /** On a phone the members are behind a button. */
  void showMembers() {
    page.locator("#show-people").click();
    assertThat(page.locator("#members")).isVisible();
  }

  void hideMembers() {
    page.keyboard().press("Escape");
    assertThat(page.locator("#members")).isHidden();
  }

  void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENSHOTS.resolve(name + ".png"))
            .setAnimations(ScreenshotAnimations.DISABLED));
  }
}
