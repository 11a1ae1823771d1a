package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;

/** A window with the chat. */
final class ChatWindow extends RoomWindow {

  ChatWindow(Browser browser, Screen screen, String address, String script) {
    super(browser, screen, address, script);
  }

  void say(String text) {
    page().locator("#text").fill(text);
    page().locator("#send").click();
  }

  /** The newest message that is there is that one, as text. */
  void expectSaid(String name, String text) {
    Locator newest = page().locator("#log article").last();
    assertThat(newest.locator(".bubble p")).hasText(text);
    assertThat(page().locator("#log article .name").last()).hasText(name);
  }

  /** What has been said or noted at some time. */
  void expectInLog(String... texts) {
    for (String text : texts) {
      assertThat(page().locator("#log")).containsText(text);
    }
  }

  /** What is to be sent once that is possible. */
  void expectWaiting(String... texts) {
    assertThat(page().locator("#log .waiting")).hasText(texts);
  }
}
