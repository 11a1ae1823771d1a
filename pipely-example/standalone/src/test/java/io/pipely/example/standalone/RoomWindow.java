package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A window with a demo, and what one does in all of them: enter, see who is there, invite, leave.
 */
class RoomWindow extends Window {

  RoomWindow(Browser browser, Screen screen, String address, String script) {
    super(browser, screen, address, script);
  }

  /** Fills the form and sends it. */
  final void enter(String room, String name, String password) {
    page().locator("#room").fill(room);
    enter(name, password);
  }

  /** The same, with the room that is there already. */
  final void enter(String name, String password) {
    page().locator("#name").fill(name);
    page().locator("#password").fill(password);
    page().locator("#join").click();
  }

  final void expectMembers(String... names) {
    assertThat(page().locator("#members li")).hasText(names);
  }

  /** It says why not, and stands where it stood. */
  final void expectRefused(String why) {
    assertThat(page().locator("#error")).hasText(why);
    assertThat(page().locator("#join")).isVisible();
    assertThat(page().locator("#join")).isEnabled();
    assertThat(page().locator("#demo")).isHidden();
  }

  final void expectRoom(String room) {
    assertThat(page().locator("#room")).hasValue(room);
  }

  final void expectState(String words) {
    assertThat(page().locator("#state")).containsText(words);
  }

  final void leave() {
    page().locator("#leave").click();
    assertThat(page().locator("#room")).isVisible();
  }

  /** What the QR code says, as it is on the screen. */
  final String invitation() {
    return QrCode.read(page().locator("#qr").screenshot());
  }

  /** On a phone the members are behind a button. */
  final void showMembers() {
    page().locator("#show-people").click();
    assertThat(page().locator("#members")).isVisible();
  }

  final void hideMembers() {
    press("Escape");
    assertThat(page().locator("#members")).isHidden();
  }

  /** Requests that publish an event of this type, from now on. */
  final AtomicInteger countPublications(String type) {
    AtomicInteger count = new AtomicInteger();
    page()
        .onRequest(
            request -> {
              String body = request.postData();
              if (body != null && body.contains("\"type\":\"%s\"".formatted(type))) {
                count.incrementAndGet();
              }
            });
    return count;
  }
}
