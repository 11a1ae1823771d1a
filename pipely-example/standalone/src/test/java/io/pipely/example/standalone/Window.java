package io.pipely.example.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A browser window that shares nothing with other windows, and what went wrong in it. */
class Window {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final Page page;
  private final Screen screen;
  private final List<String> complaints = new ArrayList<>();

  /** Opens it, with a script that runs ahead of the page's own. */
  Window(Browser browser, Screen screen, String address, String script) {
    this.page = browser.newContext(screen.options()).newPage();
    this.screen = screen;
    page.onPageError(complaints::add);
    page.onConsoleMessage(this::hear);
    page.addInitScript(script);
    page.navigate(address);
  }

  /**
   * The browser itself reports each request that is refused or fails; that is what some tests are
   * about, and what becomes of it they see on the page. Everything else is a complaint, such as one
   * about the Content-Security-Policy.
   */
  private void hear(ConsoleMessage message) {
    boolean isComplaint = message.type().equals("error") || message.type().equals("warning");
    boolean isRefusal = message.text().startsWith("Failed to load resource: ");
    if (isComplaint && !isRefusal) {
      complaints.add(message.text());
    }
  }

  final Page page() {
    return page;
  }

  final void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  final void type(String text) {
    page.keyboard().type(text);
  }

  final void setOffline(boolean isOffline) {
    page.context().setOffline(isOffline);
  }

  final void reload() {
    page.reload();
  }

  final void close() {
    page.context().close();
  }

  /** Nothing went wrong that nobody asked for, and nothing sticks out at the side. */
  final void expectNoComplaint() {
    assertEquals(List.of(), complaints);
    assertEquals(
        0, page.evaluate("document.documentElement.scrollWidth - window.innerWidth"), "overflow");
  }

  final void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENSHOTS.resolve(name + "-" + screen + ".png"))
            .setAnimations(ScreenshotAnimations.DISABLED));
  }
}
