package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;

/** A window with the drop. The newest file is the first one in its list. */
final class DropWindow extends RoomWindow {

  DropWindow(Browser browser, Screen screen, String address, String script) {
    super(browser, screen, address, script);
  }

  void give(String name, byte[] content) {
    page()
        .locator("#file")
        .setInputFiles(new FilePayload(name, "application/octet-stream", content));
  }

  void take() {
    button("Take it").click();
  }

  void cancel() {
    button("Cancel").click();
  }

  Locator button(String text) {
    return newest().locator("button").filter(new Locator.FilterOptions().setHasText(text));
  }

  void expectFile(String name, String words) {
    assertThat(newest().locator(".name")).hasText(name);
    assertThat(newest().locator(".words")).hasText(words);
  }

  /** Where a file is held back until now. */
  void goOn() {
    page().evaluate("() => window.goOn?.()");
  }

  /** What the link gives, under the name that it had. */
  byte[] save(String name) throws IOException {
    Locator link = newest().locator("a[download='" + name + "']");
    Download download = page().waitForDownload(link::click);
    return Files.readAllBytes(download.path());
  }

  /** One in so many publications fails from now on, and is counted. */
  AtomicInteger failEach(int nth) {
    AtomicInteger published = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    page()
        .route(
            "**/publish",
            route -> {
              if (published.incrementAndGet() % nth == 0) {
                failed.incrementAndGet();
                route.abort();
              } else {
                route.resume();
              }
            });
    return failed;
  }

  void expectReady(String other) {
    assertThat(page().locator("#target")).hasValue(other);
    assertThat(page().locator("#file")).isEnabled();
  }

  private Locator newest() {
    return page().locator("#transfers li").first();
  }
}
